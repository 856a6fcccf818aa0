"""How the pages of the desk name members of the staff: colleagues, and those who call."""

from apps.people import first


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
