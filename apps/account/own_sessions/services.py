"""Signs people out on their other devices."""

from allauth.usersessions.models import UserSession

from apps.common.refusals import Refused
from apps.people.event_kinds import AccountAction
from apps.sign_in.recording import record


def end(*, sessions, by, at):
    """Sign `by` out in the `sessions` (`UserSession`s of the account). Returns how many there were.

    Each is an event. Raises `Refused` when none of them is there any more.
    """
    own = list(UserSession.objects.filter(user=by, pk__in=[session.pk for session in sessions]))
    if not own:
        raise Refused("那里已经退出登录了。", code="ended")
    for session in own:
        session.end()
        record(AccountAction.END_SESSION, by, by=by)
    return len(own)
