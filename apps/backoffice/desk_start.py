"""What system administrators begin with: the accounts of the desk, by role."""

from django.contrib.auth.models import Group
from django.db.models import Count, Q
from django.urls import reverse

from apps.desk import roles
from apps.desk.work import StartPart
from apps.people.models import User

LIST = "admin:people_user_changelist"


def collect(at):
    active = Count("user", filter=Q(user__is_active=True), distinct=True)
    stopped = Count("user", filter=Q(user__is_active=False), distinct=True)
    counted = Group.objects.annotate(active=active, stopped=stopped).in_bulk(field_name="name")
    found = [counted[name] for name in roles.ROLES if name in counted]
    staff = User.objects.filter(is_staff=True)
    totals = staff.aggregate(
        staff=Count("pk", filter=Q(is_active=True)),
        without_role=Count("pk", filter=Q(is_active=True, is_superuser=False, groups=None)),
    )
    return {"roles": found, "list": reverse(LIST), **totals}


PARTS = (
    StartPart(
        roles.MANAGE_ACCOUNTS,
        "账户管理",
        "给同事开通账户、分配角色，停用离岗人员。申请和个人信息不在这里。",
        "backoffice/accounts/start_part.html",
        collect,
    ),
)
