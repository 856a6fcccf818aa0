"""What a system administrator does to accounts, and its place in the book of events."""

from allauth.mfa.models import Authenticator

from apps.common.refusals import Refused
from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.event_kinds import DeskAccountAction
from apps.people import services as people
from apps.people.event_kinds import AccountAction
from apps.sign_in import recording


def record_change(*, account, changed, by, at):
    """Record that `by` added or changed `account`. `changed` is the admin's message."""
    person = getattr(account, "holder", None)
    desk.record(
        kind=event_kinds.ACCOUNT,
        action=DeskAccountAction.CHANGE,
        by=by,
        at=at,
        row=account,
        reference=account.employee_number,
        holder_id=person and person.pk,
        facts={
            "changed": changed,
            "is_active": account.is_active,
            "is_staff": account.is_staff,
            "groups": sorted(account.groups.values_list("name", flat=True)),
        },
    )


def end_sessions(*, account, by, at):
    """Sign the owner of `account` out everywhere, as when a phone is lost. The owner is told.

    Raises `Refused` for one's own account: there is a page for that; and as `_check_may_change`.
    """
    _check_may_change(account, by=by)
    if account == by:
        raise Refused("自己的登录，请在「登录的设备」里退出。", code="own")
    people.end_sessions(users={account.pk}, at=at)
    recording.record(AccountAction.END_ALL_SESSIONS, account, by=by)


def remove_factors(*, account, by):
    """Remove the second factors of an owner who has lost them and has shown who they are.

    Each removal is an event, and the owner is told (`account.second_factor.records`). Raises
    `Refused` for one's own account, where there is none, and as `_check_may_change`.
    """
    _check_may_change(account, by=by)
    if account == by:
        raise Refused("不能解除自己的两步验证，请另一位管理员办理。", code="own")
    deleted, _ = Authenticator.objects.filter(user=account).delete()
    if not deleted:
        raise Refused(f"账户 {account.employee_number} 没有两步验证。", code="no_factor")


def _check_may_change(account, *, by):
    """Only a superuser does anything to a superuser; as the forms of accounts have it."""
    if account.is_superuser and not by.is_superuser:
        raise Refused("这是超级管理员的账户，只能由超级管理员办理。", code="protected")
