"""What people do with the data that is kept about them: ask for a correction, take a copy."""

from django.db import IntegrityError, transaction

from apps.cards.permissions import role_of
from apps.cards.policies import check_is_no_party
from apps.common.moments import day_of
from apps.common.refusals import check_reason
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.my_data.enums import CorrectionAction
from apps.my_data.event_kinds import MY_DATA, MyDataAction
from apps.my_data.models import Correction, due_date
from apps.my_data.policies import asked_already, check_may_ask, check_may_copy
from apps.people.models import User


@transaction.atomic
def ask(*, holder, topic, text, by, at):
    """Ask HR to correct what is kept about `holder`; `topic` is the name of a `Category`.

    Returns the `Correction`. Raises `NotYours`, and `Refused` without a text, or when `by` waits
    for an answer about the same.
    """
    role = role_of(by, holder, at=at)
    check_reason(text, "请写明哪里不对、应该是什么。")
    check_may_ask(holder=holder, by=by, topic=topic)
    correction = Correction(
        holder=holder,
        topic=topic,
        text=text.strip(),
        asked_at=at,
        asked_by=by,
        due_date=due_date(day_of(at)),
    )
    try:
        with transaction.atomic():
            engine.begin(
                correction, CorrectionAction.ASK, by=by, role=role, at=at, channel=Channel.WEB
            )
    except IntegrityError:  # the same click in another tab came first
        raise asked_already() from None
    return correction


@transaction.atomic
def answer(*, correction, is_corrected, text, by, at):
    """Answer `correction`; the text reaches whoever asked.

    Raises `MayNotReview` for a party, `NotAllowed`, `Overtaken`, and `Refused` without a text.
    """
    check_is_no_party(by, correction, what="更正请求", verb="答复")
    check_reason(text, "请写明答复，本人会看到这段话。")
    engine.move(
        correction,
        CorrectionAction.CORRECT if is_corrected else CorrectionAction.DECLINE,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        answer=text.strip(),
        answered_at=at,
        answered_by=by,
    )


@transaction.atomic
def record_look(*, person, by, at):
    """Record that `by` is shown all that is kept about `person`, unmasked. Call it before.

    Raises `NotYours`.
    """
    role = role_of(by, person, at=at)
    facts = {"persons": [person.reference]}
    _record(MyDataAction.LOOK, person, by=by, role=role, at=at, facts=facts)


@transaction.atomic
def record_copy(*, format, persons, by, at):
    """Record that `by` takes a copy of all that is kept about `persons`. Call it before.

    Raises `Refused` when the copies of the day are used up.
    """
    User.objects.select_for_update().get(pk=by.pk)  # counted one after the other
    check_may_copy(by, at=at)
    own = getattr(by, "holder", None)
    facts = {"format": format, "persons": [person.reference for person in persons]}
    _record(MyDataAction.COPY, own, by=by, role=Role.HOLDER, at=at, facts=facts)


def _record(action, person, *, by, role, at, facts):
    events.record(
        kind=MY_DATA,
        action=action,
        by=by,
        role=role,
        at=at,
        channel=Channel.WEB,
        subject_id=by.pk,
        reference=by.employee_number,
        holder_id=person and person.pk,
        facts=facts,
    )
