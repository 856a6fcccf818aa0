"""A request keeps the rule of its city that it was judged by."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from apps.cards.enums import RequestStatus, Stage
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.notices import words
from apps.payments.amounts import fees_of
from apps.requests import promises, services
from apps.waiting.standing import standing
from tests.factories import cards as steps
from tests.factories.cards import AT, make_draft, make_request
from tests.factories.formal_losses import make_replacement_draft
from tests.factories.payments import make_shipment
from tests.factories.regions import change_rule

pytestmark = pytest.mark.django_db

NEXT_DAY = AT + timedelta(days=1)


def stored(card_request):
    return CardRequest.objects.select_related("rule", "city").get(pk=card_request.pk)


def test_a_draft_has_no_rule_and_is_shown_that_of_the_day():
    draft = make_draft()
    new = change_rule(draft.city, day=day_of(NEXT_DAY), produce_days=3)
    assert draft.rule is None
    assert draft.rule_at(AT).produce_days == 10
    assert draft.rule_at(NEXT_DAY) == new


def test_a_request_gets_the_rule_of_the_day_on_which_it_is_submitted():
    draft = make_draft()
    new = change_rule(draft.city, day=day_of(NEXT_DAY), produce_days=3)
    steps.submit(draft, at=NEXT_DAY)
    assert stored(draft).rule == new


@pytest.mark.parametrize("status", [RequestStatus.SUBMITTED, RequestStatus.APPROVED])
def test_a_later_version_does_not_touch_what_was_promised(status):
    card_request = make_request(status)
    change_rule(card_request.city, day=day_of(AT), produce_days=30)
    promise = promises.stage_times([stored(card_request)])[card_request.pk][Stage.PRODUCE]
    assert promise.limit_days == 10
    if status == RequestStatus.APPROVED:
        expected = standing(stored(card_request), shipment=None, at=AT)
        assert expected.stage_time.limit_days == 10


def test_a_request_keeps_its_rule_through_an_amendment():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT)
    rule = card_request.rule
    change_rule(card_request.city, day=day_of(AT), produce_days=30)
    services.amend(
        card_request=card_request,
        values={"phone": "13800138001"},
        by=card_request.applicant,
        at=NEXT_DAY,
    )
    assert stored(card_request).rule == rule


def test_the_notice_of_the_approval_names_the_day_by_the_request_s_own_rule():
    card_request = make_request(RequestStatus.ACCEPTED)
    change_rule(card_request.city, day=day_of(AT), produce_days=1)
    steps.approve(card_request, at=AT + timedelta(hours=1))
    event = words.with_facts([words.noteworthy_events().get(action="APPROVE").pk])[0]
    # Ten working days after Monday, 23 November.
    assert "12月7日（周一）24:00 前制成" in words.text(event, card_request.applicant)


def test_the_fees_of_a_submitted_replacement_stay_as_they_were():
    draft = make_replacement_draft()
    at = draft.status_since + timedelta(minutes=1)
    change_rule(draft.city, day=day_of(at), card_fee_fen=2000)
    steps.submit(draft, at=at)
    change_rule(draft.city, day=day_of(at) + timedelta(days=1), card_fee_fen=3000)
    make_shipment(draft, at=at + timedelta(days=2))
    assert fees_of(stored(draft), at=at).total_fen == 3000


def test_the_database_wants_a_rule_for_every_submitted_request():
    card_request = make_request(RequestStatus.SUBMITTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        CardRequest.objects.filter(pk=card_request.pk).update(rule=None)


def test_a_rule_that_a_request_was_judged_by_is_never_deleted():
    card_request = make_request(RequestStatus.SUBMITTED)
    with pytest.raises(ProtectedError):
        card_request.rule.delete()
