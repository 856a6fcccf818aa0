"""Who was first and when, as it is told to whoever comes second.

People read each other's masked names; at the desk colleagues read whole ones. Applicants do not
read the names of the staff.
"""

from django.contrib import messages

from apps.common.templatetags.formats import moment
from apps.common.visibility import shown
from apps.events.enums import Role

# Who acts for the university; people read the word, not the name.
_AT_THE_DESK = {Role.REVIEWER: "审核老师", Role.STAFF: "人事处"}


def masked(user):
    """*超, or the masked employee number of somebody who is not on the roster."""
    holder = getattr(user, "holder", None)
    return (
        shown(holder.name, "page.name")
        if holder
        else shown(user.employee_number, "page.employee_number")
    )


def sentence(refusal, *, reader, named=None):
    """Who was first and when, if `refusal` is due to that; else empty.

    `reader` is the user who reads it. `named` turns a user into the name that colleagues read; it
    is for the desk.
    """
    if refusal.row is not None:
        event = _last_of(refusal.row)
        return _of_event(event, reader=reader, named=named) if event else ""
    if refusal.first is not None:
        by, at = refusal.first
        return f"{of_save(by=by, at=at, reader=reader, named=named)}保存了新的内容。"
    return ""


def tell(request, row):
    """Tell whoever wanted what is done already who did it with `row` and when.

    Nothing is said to the one who did it, in another window or by a second click.
    """
    event = _last_of(row)
    if event is not None and event.by_id != request.user.pk:
        messages.info(request, _of_event(event, reader=request.user, named=None))


def of_save(*, by, at, reader, named=None):
    """Who saved and when: the subject of a sentence. Empty if nobody did."""
    if at is None:
        return ""
    who = _who(by, None, reader=reader, named=named)
    where = "在另一个窗口" if by == reader else ""
    return f"{who}于 {moment(at)} {where}"


def whole(refusal, *, reader, named=None):
    """The sentence of `refusal`, after the one about who was first, if somebody was."""
    return sentence(refusal, reader=reader, named=named) + refusal.message


def _last_of(row):
    return row.events.select_related("by__holder").last()


def _of_event(event, *, reader, named):
    who = _who(event.by, event.role, reader=reader, named=named)
    return f"{who}已于 {moment(event.at)} 办理了「{event.label}」。"


def _who(user, role, *, reader, named):
    if user is None:
        return Role(role).label if role else "系统"
    if user == reader:
        return "您"
    if named is not None:
        return named(user)
    if role in _AT_THE_DESK:
        return _AT_THE_DESK[role]
    return f"{masked(user)}（{Role(role).label}）" if role else masked(user)
