"""What the desk does beside the moves is recorded by one verb."""

import pytest

from apps.desk import event_kinds, services
from apps.desk.event_kinds import MoneyAction, RuleAction
from apps.events.enums import Channel, Role
from tests.factories.cards import AT
from tests.factories.payments import make_payment
from tests.factories.people import make_reviewer
from tests.source_code import ROOT

ABOVE = ("backoffice", "bulk", "exports", "finance", "phrasebook", "review", "rulebook")


@pytest.mark.django_db
def test_an_event_of_the_desk_names_its_row_and_who_did_it():
    payment, by = make_payment(), make_reviewer()
    event = services.record(
        kind=event_kinds.REFUND, action=MoneyAction.NOTE, by=by, at=AT, row=payment, reason="已问"
    )
    assert (event.subject_id, event.reference) == (payment.pk, payment.reference)
    assert (event.by, event.role, event.channel) == (by, Role.STAFF, Channel.ADMIN)
    named = services.record(
        kind=event_kinds.RULES, action=RuleAction.CHANGE, by=by, at=AT, row=payment, reference="x"
    )
    assert named.reference == "x"


def test_no_room_of_the_desk_writes_it_by_hand():
    offences = [
        path.relative_to(ROOT).as_posix()
        for room in ABOVE
        for path in (ROOT / "apps" / room).rglob("*.py")
        if "from apps.events import services" in path.read_text(encoding="utf-8")
    ]
    assert offences == []
