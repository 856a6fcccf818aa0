"""How many lists there may be, and who may change which."""

from django.conf import settings

from apps.common.refusals import Refused
from apps.desk import roles


def may_share(user):
    """Whether `user` saves lists for the team, and changes those that it has."""
    return user.has_perm(roles.SHARE_LISTS)


def may_change(saved_list, *, by):
    """A list of one's own, or a list of the team for those who share lists."""
    return may_share(by) if saved_list.is_shared else saved_list.by_id == by.pk


def check_may_change(saved_list, *, by):
    """Raise `Refused` unless `by` may change `saved_list`."""
    if not may_change(saved_list, by=by):
        raise Refused("全组的列表由审核主管修改。", code="shared")


def check_may_share(*, by):
    """Raise `Refused` unless `by` may share lists with the team."""
    if not may_share(by):
        raise Refused("给全组用的列表由审核主管保存。", code="may_not_share")


def check_number(number, *, is_shared):
    """Raise `Refused` when there are already `number` lists, own or shared ones, and no room."""
    if number >= settings.SAVED_LISTS_AT_MOST:
        whose = "全组" if is_shared else "您"
        raise Refused(
            f"{whose}最多保存 {settings.SAVED_LISTS_AT_MOST} 个列表，请先删除不用的。",
            code="too_many",
        )
