"""How the pages of the desk name members of the staff: colleagues, and those who call."""

from django.db.models import Q

from apps.people import first
from apps.people.models import User


def holding(permission):
    """The active accounts at the desk that hold `permission`, as roles.DECIDE."""
    app_label, codename = permission.split(".")
    own = {"content_type__app_label": app_label, "codename": codename}
    holds = Q(is_superuser=True)
    for path in ("groups__permissions", "user_permissions"):
        holds |= Q(**{f"{path}__{name}": value for name, value in own.items()})
    return User.objects.filter(holds, is_active=True, is_staff=True).distinct()


def named(user):
    """The name by which colleagues see `user`: the name, or the employee number without one.

    Select `holder` along.
    """
    holder = getattr(user, "holder", None)
    return holder.name if holder else f"工号 {user.employee_number}"


def told(refusal, *, by):
    """The sentence of `refusal` as `by` reads it at the desk: who was first and when, then why."""
    return first.whole(refusal, reader=by, named=named)


def whereabouts(user):
    """Where the owner of the account `user` is found: department and employee number.

    Select `holder` along.
    """
    holder = getattr(user, "holder", None)
    department = (holder and holder.department) or "未填部门"
    return f"{department} · 工号 {user.employee_number}"
