"""Claiming: who holds a case, for how long, and what holding it is needed for."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import MayNotReview
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.desk.claims.live import claim_of
from apps.desk.claims.refusals import HeldByOther, NotClaimed
from apps.desk.models import Claim
from apps.review import queue, services
from tests.book import desk_events
from tests.factories.cards import AT, make_card, make_request, reject
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import (
    make_colleague,
    make_holder,
    make_registration,
    make_reviewer,
    make_user,
    make_ward,
)
from tests.review.steps import claimed

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)
LIFETIME = settings.REVIEW_CLAIM_LIFETIME
CASES = {
    "card_request": lambda: make_request(RequestStatus.ACCEPTED),
    "formal loss": make_formal_loss,
    "guardianship": lambda: make_registration(make_holder()),
}
DESKS = ["cards_cardrequest", "replacement_formalloss", "people_guardianship"]


@pytest.fixture(params=CASES)
def subject(request, db):
    return CASES[request.param]()


@pytest.fixture
def card_request(db):
    return make_request(RequestStatus.ACCEPTED)


def holder(subject, at=LATER):
    found = claim_of(subject, at=at)
    return found and found.by


def url(subject, name):
    return reverse(
        f"admin:{subject._meta.app_label}_{subject._meta.model_name}_{name}",
        args=[subject.reference],
    )


def test_a_claimed_case_is_held_until_it_lapses(subject, reviewer):
    claims.claim(subject=subject, by=reviewer, at=LATER)
    assert holder(subject) == reviewer
    assert holder(subject, at=LATER + LIFETIME - timedelta(seconds=1)) == reviewer
    assert holder(subject, at=LATER + LIFETIME) is None


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_row_and_the_queryset_agree_whether_a_claim_is_live(card_request, reviewer, seconds):
    claims.claim(subject=card_request, by=reviewer, at=LATER)
    at = LATER + LIFETIME + timedelta(seconds=seconds)
    row = Claim.objects.get()
    assert row.is_live(at) == Claim.objects.live(at).exists() == (seconds < 0)


def test_what_a_colleague_holds_is_not_claimed(subject, reviewer):
    first = make_holder(name="王芳", user=make_reviewer()).user
    claims.claim(subject=subject, by=first, at=LATER)
    with pytest.raises(HeldByOther) as refusal:
        claims.claim(subject=subject, by=reviewer, at=LATER + timedelta(minutes=5))
    assert "王芳已于 12:00 领办了这件" in refusal.value.message
    assert holder(subject) == first


def test_a_lapsed_claim_is_anybody_s(subject, reviewer):
    claims.claim(subject=subject, by=make_reviewer(), at=LATER)
    claims.claim(subject=subject, by=reviewer, at=LATER + LIFETIME)
    assert holder(subject, at=LATER + LIFETIME) == reviewer
    assert Claim.objects.get().claimed_at == LATER + LIFETIME


def test_claiming_again_holds_longer_from_the_same_beginning(subject, reviewer):
    claims.claim(subject=subject, by=reviewer, at=LATER)
    claims.claim(subject=subject, by=reviewer, at=LATER + timedelta(minutes=20))
    row = Claim.objects.get()
    assert row.claimed_at == LATER
    assert row.lapses_at == LATER + timedelta(minutes=20) + LIFETIME


def test_a_released_case_is_free(subject, reviewer):
    claims.claim(subject=subject, by=reviewer, at=LATER)
    claims.release(subject=subject, by=reviewer, at=LATER)
    assert holder(subject) is None


def test_nobody_releases_what_a_colleague_holds(subject, reviewer):
    first = make_reviewer()
    claims.claim(subject=subject, by=first, at=LATER)
    claims.release(subject=subject, by=reviewer, at=LATER)
    assert holder(subject) == first


def test_taking_over_is_written_down(subject, reviewer):
    first = make_reviewer()
    claims.claim(subject=subject, by=first, at=LATER)
    at = LATER + timedelta(minutes=1)
    claims.take_over(subject=subject, by=reviewer, at=at)
    assert holder(subject, at=at) == reviewer
    event = desk_events().get()
    assert (event.action, event.by, event.at, event.reference) == (
        "TAKE_OVER",
        reviewer,
        at,
        subject.reference,
    )
    assert event.facts["from"] == first.employee_number


def test_taking_over_what_is_free_is_a_claim(subject, reviewer):
    claims.take_over(subject=subject, by=reviewer, at=LATER)
    assert holder(subject) == reviewer
    assert not desk_events().exists()


@pytest.mark.parametrize("verb", [claims.claim, claims.take_over])
def test_only_reviewers_hold_cases(subject, verb):
    for outsider in (make_user(is_staff=True), make_colleague(roles.AUDITOR)):
        with pytest.raises(MayNotReview):
            verb(subject=subject, by=outsider, at=LATER)
    assert not Claim.objects.exists()


@pytest.mark.parametrize("verb", [claims.claim, claims.take_over])
def test_nobody_holds_a_case_of_their_own_or_of_their_child(reviewer, verb):
    own = make_holder(user=reviewer)
    for subject in (
        make_request(RequestStatus.ACCEPTED, holder=make_ward(own), by=reviewer),
        make_formal_loss(card=make_card(holder=own)),
        make_registration(own),
    ):
        with pytest.raises(MayNotReview) as refusal:
            verb(subject=subject, by=reviewer, at=LATER)
        assert refusal.value.code == "party"
    assert not Claim.objects.exists()


@pytest.mark.parametrize("verb", [claims.claim, claims.take_over])
def test_a_decided_case_is_not_held(card_request, reviewer, verb):
    stale = CardRequest.objects.get(pk=card_request.pk)
    reject(card_request, at=LATER)
    with pytest.raises(Refused) as refusal:
        verb(subject=stale, by=reviewer, at=LATER)
    assert refusal.value.code == "not_open"
    assert not Claim.objects.exists()


def approve(subject, by, at=LATER):
    services.approve(card_request=subject, seen_since=subject.status_since, by=by, at=at)


def test_a_decision_needs_a_claim_and_ends_it(card_request, reviewer):
    with pytest.raises(NotClaimed):
        approve(card_request, reviewer)
    claims.claim(subject=card_request, by=reviewer, at=LATER)
    approve(card_request, reviewer)
    assert not Claim.objects.exists()


def test_nobody_decides_what_a_colleague_holds(card_request, reviewer):
    claims.claim(subject=card_request, by=reviewer, at=LATER)
    with pytest.raises(HeldByOther):
        approve(card_request, make_reviewer())
    assert holder(card_request) == reviewer


def test_a_claim_that_lapsed_while_nobody_wanted_the_case_still_counts(card_request, reviewer):
    claims.claim(subject=card_request, by=reviewer, at=LATER)
    approve(card_request, reviewer, at=LATER + LIFETIME * 2)
    assert CardRequest.objects.get().status == RequestStatus.APPROVED


def test_the_first_free_case_is_claimed_in_order():
    newer = make_request(RequestStatus.ACCEPTED, at=AT)
    older = make_request(RequestStatus.ACCEPTED, at=AT - timedelta(days=1))
    first, second, third = make_reviewer(), make_reviewer(), make_reviewer()
    found = [
        claims.claim_first(cases=queue.waiting_for(by), by=by, at=LATER)
        for by in (first, second, third)
    ]
    assert found == [older, newer, None]
    assert (holder(older), holder(newer)) == (first, second)


def test_who_asks_for_the_next_case_keeps_the_one_they_hold(card_request, reviewer):
    make_request(RequestStatus.ACCEPTED, at=LATER)
    for _ in range(2):
        cases = queue.waiting_for(reviewer)
        assert claims.claim_first(cases=cases, by=reviewer, at=LATER) == card_request


def test_the_buttons_claim_take_over_and_release(client, subject):
    first, second = make_reviewer(), make_reviewer()
    now = timezone.now()
    client.force_login(first)
    assert "您正在办理这件" in client.post(url(subject, "claim"), follow=True).content.decode()
    client.force_login(second)
    page = client.post(url(subject, "claim"), follow=True).content.decode()
    assert f"工号 {first.employee_number}已于" in page
    assert "接手</button>" in page
    client.post(url(subject, "take_over"))
    assert holder(subject, at=now) == second
    client.post(url(subject, "release"))
    assert holder(subject, at=now) is None


@pytest.mark.parametrize("desk_name", DESKS)
def test_the_next_case_is_claimed_and_opened(desk, reviewer, desk_name):
    cases = [make() for make in CASES.values()]
    [subject] = [
        c for c in cases if url(c, "change").startswith(reverse(f"admin:{desk_name}_changelist"))
    ]
    response = desk.post(reverse(f"admin:{desk_name}_next"))
    assert response.url == url(subject, "change")
    assert holder(subject, at=timezone.now()) == reviewer


@pytest.mark.parametrize("desk_name", DESKS)
def test_the_list_shows_who_holds_each_case_and_offers_the_next(client, desk_name):
    address = reverse(f"admin:{desk_name}_changelist")
    first = make_holder(name="王芳", user=make_reviewer()).user
    client.force_login(first)
    assert reverse(f"admin:{desk_name}_next") not in client.get(address).content.decode()
    for make in CASES.values():
        claims.claim(subject=make(), by=first, at=timezone.now())
    page = client.get(address).content.decode()
    assert "我，到" in page or "王芳，" in page
    assert f'action="{reverse(f"admin:{desk_name}_next")}' in page
    client.force_login(make_colleague(roles.AUDITOR))
    page = client.get(address).content.decode()
    assert "王芳，" in page
    assert reverse(f"admin:{desk_name}_next") not in page


@pytest.mark.parametrize("desk_name", DESKS)
def test_without_a_next_case_the_list_says_so(desk, desk_name):
    response = desk.post(reverse(f"admin:{desk_name}_next"), follow=True)
    assert response.redirect_chain == [(reverse(f"admin:{desk_name}_changelist"), 302)]
    assert "现在没有其他等待您办理的了" in response.content.decode()


def shows_forms(response):
    page = response.content.decode()
    return "confirm-title" in page or "approve-title" in page


def test_a_page_shows_its_forms_to_the_holder_only(client, subject):
    first, second = make_reviewer(), make_reviewer()
    client.force_login(first)
    assert shows_forms(claimed(client, subject))
    client.force_login(second)
    assert not shows_forms(client.get(url(subject, "change")))


def test_an_auditor_sees_who_holds_a_case_and_no_button(client, subject, reviewer):
    claims.claim(subject=subject, by=reviewer, at=timezone.now())
    client.force_login(make_colleague(roles.AUDITOR))
    page = client.get(url(subject, "change")).content.decode()
    for button in ("领办这件", "接手</button>", "放回待办"):
        assert button not in page
    for name in ("claim", "take_over", "release"):
        assert client.post(url(subject, name)).status_code == 403


@pytest.mark.parametrize("name", ["claim", "release", "take_over"])
def test_a_claim_is_posted_for_a_case_that_exists(desk, subject, name):
    assert desk.get(url(subject, name)).status_code == 405
    unknown = url(subject, name).replace(subject.reference, "AAAAAAAAAAAAAAAA")
    assert desk.post(unknown).status_code == 404
