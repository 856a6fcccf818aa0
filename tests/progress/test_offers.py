"""What the matters offer about a request, put together; and what comes after its end."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.activation.offers import ACTIVATE
from apps.application.offers import BEGIN, RELATED
from apps.cards.enums import REQUEST_ENDED_WITHOUT_CARD, RequestStatus
from apps.cards.models import CardRequest
from apps.common.refusals import Refused
from apps.progress.offers import COLLECT, afterwards, offers
from apps.regions.models import ServiceOpening
from apps.requests import services
from tests.factories import cards as steps
from tests.factories.cards import AT
from tests.factories.formal_losses import make_replacement_draft
from tests.factories.payments import make_addressed

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)


def stored(card_request):
    related = (*RELATED, "card__city", "card__holder", "card__card_request", "old_card__holder")
    return CardRequest.objects.select_related(*related).get(pk=card_request.pk)


def following(card_request):
    return afterwards(stored(card_request), by=card_request.applicant, at=LATER)


@pytest.mark.sampled
@pytest.mark.parametrize("status", RequestStatus)
def test_one_thing_is_the_main_one_where_it_waits_for_the_applicant(status):
    card_request = make_addressed(status)
    found = offers(stored(card_request), by=card_request.applicant, at=LATER)
    waits = {
        RequestStatus.DRAFT: "继续填写",
        RequestStatus.SUBMITTED: "去补充收件信息",
        RequestStatus.NEEDS_AMENDMENT: "修改信息",
        RequestStatus.DISPATCHED: "确认领卡",
    }
    assert (found.main and found.main.words) == waits.get(status)


@pytest.mark.parametrize("status", RequestStatus)
def test_receipt_is_confirmed_by_a_button_where_the_service_confirms_it(status):
    card_request = make_addressed(status)
    offer = offers(stored(card_request), by=card_request.applicant, at=LATER).of(COLLECT)
    assert offer.is_post
    assert offer.is_open == (status == RequestStatus.DISPATCHED)
    if offer.is_open:
        services.collect(card_request=card_request, by=card_request.applicant, at=LATER)
        return
    with pytest.raises(Refused) as refusal:
        services.collect(card_request=card_request, by=card_request.applicant, at=LATER)
    assert offer.why_not == refusal.value.message


@pytest.mark.parametrize("status", RequestStatus)
def test_after_the_end_comes_the_next_matter(status):
    offer = following(make_addressed(status))
    if status in REQUEST_ENDED_WITHOUT_CARD:
        assert (offer.action, offer.words, offer.is_open) == (BEGIN, "重新申请", True)
    elif status == RequestStatus.COLLECTED:
        assert (offer.action, offer.is_open) == (ACTIVATE, True)
    else:
        assert offer is None


def test_where_the_city_activates_at_the_counter_only_this_is_said():
    card_request = make_addressed(RequestStatus.COLLECTED)
    ServiceOpening.objects.all().delete()
    assert "网点启用" in following(card_request).why_not


def test_after_a_replacement_that_was_rejected_the_card_is_replaced_again():
    card_request = make_replacement_draft()
    for number, step in enumerate((steps.submit, steps.pay, steps.accept, steps.reject), start=1):
        step(card_request, at=card_request.status_since + timedelta(minutes=number))
    offer = afterwards(
        stored(card_request), by=card_request.applicant, at=card_request.status_since
    )
    assert offer.url == reverse("replacement:start", args=[card_request.old_card.reference])
