"""May this card be replaced, on these terms: judged at the beginning and again at the end."""

from datetime import date, timedelta

import pytest

from apps.application import pages
from apps.application import services as application
from apps.cards.enums import (
    CardAction,
    CardStatus,
    ReplacementReason,
    RequestStatus,
)
from apps.cards.models import Card, CardRequest
from apps.cards.permissions import NotYours
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.events.enums import AS_WORKER
from apps.lifecycle import engine
from apps.people.consents import CARD_KINDS
from apps.people.models import Consent, Holder
from apps.regions.enums import Service
from apps.regions.models import CityBank, ServiceOpening
from apps.replacement import services
from apps.replacement.refusals import NotReplaceable
from apps.requests import destination
from apps.requests.services import DuplicateRequest
from apps.unsent.shown import NotAsShown
from tests.factories.cards import AT, make_card
from tests.factories.formal_losses import (
    DECLARED,
    make_lost_card,
    make_replacement_draft,
)
from tests.factories.people import make_holder
from tests.factories.regions import make_bank, make_city

pytestmark = pytest.mark.django_db

LATER = DECLARED + timedelta(days=1)


def start(
    card, *, reason=ReplacementReason.LOST, city=None, bank=None, by=None, at=LATER, shown=""
):
    return services.start(
        card=card,
        reason=reason,
        city=city or card.city,
        bank=bank or card.bank,
        ip="127.0.0.1",
        shown=shown,
        by=by or card.holder.user,
        at=at,
    )


def refused(card, **options):
    with pytest.raises(NotReplaceable) as refusal:
        start(card, **options)
    assert not CardRequest.objects.filter(old_card=card).exists()
    return refusal.value


def test_the_beginning_opens_a_draft_on_the_terms():
    card = make_lost_card()
    draft = start(card)
    assert (draft.old_card, draft.status, draft.city, draft.bank) == (
        card,
        RequestStatus.DRAFT,
        card.city,
        card.bank,
    )


def test_what_the_first_request_said_is_filled_in():
    card = make_lost_card()
    particulars = start(card).particulars
    particulars.refresh_from_db()
    assert particulars.id_valid_until == date(2040, 1, 1)
    assert particulars.phone == card.holder.phone
    assert not particulars.portrait


def test_an_id_document_that_has_expired_is_not_filled_in():
    card = make_lost_card()
    at = LATER.replace(year=2041)
    particulars = start(card, at=at).particulars
    particulars.refresh_from_db()
    assert particulars.id_valid_until is None


def test_the_agreements_are_stored_once():
    card = make_lost_card()
    start(card)
    start(card)
    kinds = Consent.objects.filter(user=card.holder.user).values_list("kind", flat=True)
    assert sorted(kinds) == sorted(CARD_KINDS)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (CardStatus.SEALED, "sealed"),
        (CardStatus.ACTIVE, "not_lost"),
        (CardStatus.SUSPENDED, "not_lost"),
        (CardStatus.RETIRED, "retired"),
    ],
)
def test_only_a_lost_card_is_replaced(status, code):
    refusal = refused(make_card(status))
    assert refusal.code == code
    assert refusal.next_step is not None


def born(years, *, days=0):
    """A birthday on which somebody is `years` old at `LATER`, or `days` earlier."""
    today = day_of(LATER)
    return today.replace(year=today.year - years) + timedelta(days=days)


def test_on_the_18th_birthday_one_may_replace_online():
    assert start(make_lost_card(holder=make_holder(birth_date=born(18)))).pk


def test_the_day_before_the_18th_birthday_the_way_leads_to_the_counter():
    card = make_lost_card(holder=make_holder(birth_date=born(18, days=1)))
    refusal = refused(card)
    assert refusal.code == "minor"
    assert "网点" in refusal.message


def test_a_person_of_whom_hr_knows_the_death_replaces_nothing():
    card = make_lost_card()
    Holder.objects.filter(pk=card.holder_id).update(deceased_date=day_of(AT))
    card = Card.objects.get(pk=card.pk)
    assert refused(card).code == "deceased"


def test_a_city_where_the_service_is_not_open_is_refused():
    city = make_city(services=[s for s in Service if s != Service.REPLACE])
    refusal = refused(make_lost_card(city=city))
    assert refusal.code == "city_not_open"


def test_a_bank_that_left_the_city_asks_for_the_reason_of_another_bank():
    card = make_lost_card()
    CityBank.objects.filter(city=card.city, bank=card.bank).delete()
    refusal = refused(card)
    assert (refusal.code, "服务银行变化" in refusal.message) == ("bank_not_in_city", True)


def test_another_bank_needs_its_reason():
    card = make_lost_card()
    other = make_bank("95588", "中国工商银行")
    assert refused(card, bank=other).code == "bank_differs"


def test_the_same_bank_is_no_change_of_the_bank():
    assert refused(make_lost_card(), reason=ReplacementReason.BANK_CHANGED).code == "same_bank"


def test_a_bank_that_is_not_offered_in_the_city_is_refused():
    other = make_bank("95588", "中国工商银行")
    refusal = refused(make_lost_card(), reason=ReplacementReason.BANK_CHANGED, bank=other)
    assert refusal.code == "bank_not_in_city"


def test_another_city_needs_its_reason():
    other = make_city("370600", "烟台市")
    assert refused(make_lost_card(), city=other).code == "city_differs"


def test_the_same_city_is_no_change_of_the_area():
    assert refused(make_lost_card(), reason=ReplacementReason.AREA_CHANGED).code == "same_city"


@pytest.mark.parametrize("reason", ["", "KEY_DATA_CHANGED", "STOLEN"])
def test_a_reason_that_is_none_is_refused(reason):
    assert refused(make_lost_card(), reason=reason).code == "no_reason"


def test_a_stranger_replaces_nothing():
    with pytest.raises(NotYours):
        start(make_lost_card(), by=make_holder().user)


def test_beginning_again_goes_on_with_the_draft_on_the_new_terms():
    city = make_city(banks=[make_bank(), make_bank("95588", "中国工商银行")])
    card = make_lost_card(city=city)
    first = start(card)
    new = {"reason": ReplacementReason.BANK_CHANGED, "bank": make_bank("95588")}
    with pytest.raises(NotAsShown):
        start(card, **new)
    again = start(card, **new, shown=destination.token(card.holder, first))
    assert again == first
    first.refresh_from_db()
    assert (first.replacement_reason, first.bank_id) == (ReplacementReason.BANK_CHANGED, "95588")


def test_a_replacement_that_was_handed_in_is_not_begun_again():
    draft = make_replacement_draft()
    at = LATER + timedelta(minutes=10)
    application.submit(card_request=draft, shown=pages.token(draft), by=draft.applicant, at=at)
    with pytest.raises(DuplicateRequest) as refusal:
        start(draft.old_card, at=at)
    assert refusal.value.next_step[1] == draft.get_absolute_url()


def submit(draft, *, at=LATER + timedelta(minutes=10)):
    application.submit(card_request=draft, shown=pages.token(draft), by=draft.applicant, at=at)


def test_a_complete_draft_of_a_verified_holder_is_handed_in():
    draft = make_replacement_draft()
    submit(draft)
    assert draft.status == RequestStatus.SUBMITTED


def test_a_card_that_was_retired_since_is_not_replaced():
    draft = make_replacement_draft()
    card = Card.objects.get(pk=draft.old_card_id)
    engine.move(card, CardAction.RETIRE, at=LATER, **AS_WORKER)
    with pytest.raises(NotReplaceable) as refusal:
        submit(draft)
    assert refusal.value.code == "retired"


def test_a_service_that_was_closed_since_is_refused_at_the_end():
    draft = make_replacement_draft()
    ServiceOpening.objects.filter(city=draft.city, service=Service.REPLACE).delete()
    with pytest.raises(NotReplaceable) as refusal:
        submit(draft)
    assert refusal.value.code == "city_not_open"


def test_nothing_is_handed_in_without_an_identity_check():
    card = make_lost_card()
    user = card.holder.user
    draft = services.open_draft(
        card=card, reason=ReplacementReason.LOST, city=card.city, bank=card.bank, by=user, at=LATER
    )
    draft.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        submit(draft)
    assert refusal.value.code == "not_verified"


@pytest.mark.parametrize(
    ("reason", "matter"),
    [
        (reason, "补领" if reason == ReplacementReason.LOST else "换领")
        for reason in ReplacementReason
    ],
)
def test_a_lost_card_is_a_补领_and_every_other_reason_a_换领(reason, matter):
    assert CardRequest(kind="REPLACEMENT", replacement_reason=reason).matter == matter


def test_a_first_card_is_an_申领():
    assert CardRequest(kind="FIRST").matter == "申领"
