"""What is offered to applicants, and that the services do what is offered and refuse the rest."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.application import services, wards
from apps.application.enums import Ineligibility
from apps.application.offers import (
    AMEND,
    DISCARD,
    FILL_IN,
    RELATED,
    SHIP,
    WITHDRAW,
    offers,
    to_begin_for,
    to_begin_oneself,
    to_submit,
)
from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.delivery.policies import TooLateToChange
from apps.payments.offers import PAY
from apps.people.consents import CARD_KINDS
from apps.people.enums import ConsentKind
from apps.people.models import years_before
from apps.people.services import record_consent, withdraw_consent
from apps.verification.enums import Purpose
from tests.factories.cards import AT, discard, make_card, make_draft, make_request
from tests.factories.checks import pass_check
from tests.factories.formal_losses import make_replacement_draft
from tests.factories.payments import MAIL, PICKUP, make_addressed, make_shipment
from tests.factories.people import make_holder, make_user, make_ward
from tests.factories.regions import make_city, make_county

pytestmark = pytest.mark.django_db

TODAY = day_of(AT)
LATER = AT + timedelta(hours=2)
ON_ITS_WAY = (
    RequestStatus.PAID,
    RequestStatus.ACCEPTED,
    RequestStatus.NEEDS_AMENDMENT,
    RequestStatus.APPROVED,
)


def stored(card_request):
    return CardRequest.objects.select_related(*RELATED).get(pk=card_request.pk)


def offered(card_request, *, by=None):
    return offers(stored(card_request), by=by or card_request.applicant, at=LATER)


def begin(holder, *, by=None):
    return to_begin_for([holder], by=by or holder.user, at=LATER)[holder.pk]


# --- A request


@pytest.mark.parametrize("status", RequestStatus)
def test_each_status_offers_what_can_be_done_then(status):
    expected = {
        RequestStatus.DRAFT: {FILL_IN, DISCARD},
        RequestStatus.SUBMITTED: {SHIP, WITHDRAW},
        RequestStatus.NEEDS_AMENDMENT: {AMEND, SHIP},
    } | dict.fromkeys(set(ON_ITS_WAY) - {RequestStatus.NEEDS_AMENDMENT}, {SHIP})
    found = offered(make_request(status))
    assert {offer.action for offer in found.open} == expected.get(status, set())
    assert all(offer.why_not.endswith("。") for offer in found.closed)
    # A sentence for people, not the table's own about the names of its moves.
    assert not any("不能办理「" in offer.why_not for offer in found.closed)


@pytest.mark.parametrize(
    ("where", "main", "words"),
    [(None, SHIP, "去补充收件信息"), (MAIL, PAY, "去支付"), (PICKUP, PAY, "去确认自取")],
)
def test_the_address_comes_first_and_then_the_payment(where, main, words):
    card_request = make_request(RequestStatus.SUBMITTED)
    if where:
        make_shipment(card_request, **where)
    found = offered(card_request).main
    assert (found.action, found.words) == (main, words)


def do_withdraw(card_request):
    services.withdraw(card_request=card_request, by=card_request.applicant, at=LATER)


def do_discard(card_request):
    discard(card_request, at=LATER)


def do_ship(card_request):
    where = MAIL | {"city": make_city(), "county": make_county()}
    services.ship(card_request=card_request, by=card_request.applicant, at=LATER, **where)


@pytest.mark.parametrize("status", RequestStatus)
@pytest.mark.parametrize(
    ("action", "do"), [(WITHDRAW, do_withdraw), (SHIP, do_ship), (DISCARD, do_discard)]
)
def test_what_is_offered_is_done_and_the_rest_is_refused(status, action, do):
    card_request = stored(make_addressed(status))
    offer = offered(card_request).of(action)
    if offer.is_open:
        do(card_request)
        return
    with pytest.raises(Refused) as refusal:
        do(card_request)
    if isinstance(refusal.value, TooLateToChange):
        assert offer.why_not == refusal.value.message


# --- To hand it in, and the consents without which that is not done


def verified(draft):
    by = draft.applicant
    purpose = Purpose.REPLACE if draft.is_replacement else Purpose.APPLY
    pass_check(holder=draft.holder, by=by, purpose=purpose, card_request=draft, at=LATER)
    return draft


def own_draft():
    draft = verified(make_draft())
    return draft, reverse("application:guide"), CARD_KINDS


def draft_of_a_child():
    guardian = make_holder()
    child = make_ward(guardian)
    draft = verified(make_draft(holder=child, by=guardian.user))
    page = reverse("application:child_agreement", args=[child.reference])
    return draft, page, wards.agreed_kinds(child, at=LATER)


def replacement():
    draft = make_replacement_draft()
    return draft, reverse("replacement:start", args=[draft.old_card.reference]), CARD_KINDS


@pytest.mark.parametrize("make", [own_draft, draft_of_a_child, replacement])
def test_who_took_a_consent_back_is_led_to_where_it_is_given_again(client, make):
    draft, page, kinds = make()
    by = draft.applicant
    record_consent(user=by, holder=draft.holder, kinds=kinds, ip="127.0.0.1", at=LATER)
    assert to_submit(draft, by=by, at=LATER).is_open
    withdraw_consent(holder=draft.holder, kind=ConsentKind.SERVICE, by=by, at=LATER)
    offer = to_submit(draft, by=by, at=LATER)
    assert "服务协议" in offer.why_not
    assert offer.next_step == ("去重新勾选同意", page)
    client.force_login(by)
    shown = client.get(offer.url).content.decode()
    assert offer.words not in shown
    assert f'href="{page}"' in shown
    assert 'name="service"' in client.get(page).content.decode()


def test_who_is_not_verified_proves_it_on_the_same_page(client):
    draft = make_draft()
    assert to_submit(draft, by=draft.applicant, at=LATER).is_open
    client.force_login(draft.applicant)
    page = client.get(reverse("application:confirm", args=[draft.reference])).content.decode()
    assert "核对是您本人" in page


# --- To begin


def test_who_has_nothing_begins_and_a_guardian_begins_for_a_child():
    guardian = make_holder()
    child = make_ward(guardian)
    assert begin(guardian).url == reverse("application:guide")
    assert begin(child, by=guardian.user).url == reverse(
        "application:child_agreement", args=[child.reference]
    )
    assert begin(guardian).is_open
    assert begin(child, by=guardian.user).is_open


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"birth_date": years_before(TODAY, 15)}, Ineligibility.MINOR),
        ({"nationality": "USA"}, Ineligibility.OTHER_DOCUMENT),
        ({"deceased_date": TODAY}, Ineligibility.DECEASED),
        ({"has_card_elsewhere": True}, Ineligibility.CARD_ELSEWHERE),
    ],
)
def test_who_cannot_begin_hears_what_the_precheck_would_say(fields, code):
    assert begin(make_holder(**fields)).refusal.code == code


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (CardStatus.SEALED, Ineligibility.CARD_SEALED),
        (CardStatus.ACTIVE, Ineligibility.CARD_IN_HAND),
        (CardStatus.SUSPENDED, Ineligibility.CARD_SUSPENDED),
        (CardStatus.LOST, Ineligibility.CARD_LOST),
        (CardStatus.RETIRED, None),
    ],
)
def test_who_has_a_card_is_led_to_what_can_be_done_with_it(status, code):
    offer = begin(make_card(status).holder)
    assert (offer.refusal and offer.refusal.code) == code
    assert offer.is_open or offer.next_step


@pytest.mark.parametrize(
    ("status", "words", "page"),
    [
        (RequestStatus.DRAFT, "继续填写", "application:form"),
        (RequestStatus.SUBMITTED, "去补充收件信息", "application:shipping"),
        (RequestStatus.NEEDS_AMENDMENT, "修改信息", "application:amend"),
        (RequestStatus.ACCEPTED, "查看制卡进度", "progress:detail"),
    ],
)
def test_who_has_a_request_goes_on_with_it(status, words, page):
    card_request = make_request(status)
    offer = begin(card_request.holder)
    assert offer.refusal.code == Ineligibility.DUPLICATE
    assert offer.next_step == (words, reverse(page, args=[card_request.reference]))


def test_an_account_of_nobody_is_told_so():
    assert to_begin_oneself(make_user(), at=LATER).refusal.code == Ineligibility.UNKNOWN_PERSON


@pytest.mark.parametrize("count", [2, 6])
def test_the_offers_to_begin_for_many_take_two_queries(count, django_assert_num_queries):
    guardian = make_holder()
    children = [make_ward(guardian) for _ in range(count)]
    with django_assert_num_queries(2):
        assert len(to_begin_for(children, by=guardian.user, at=LATER)) == count
