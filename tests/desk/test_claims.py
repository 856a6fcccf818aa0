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
from apps.desk.claims import services as assignments
from apps.desk.claims.refusals import HeldByOther, NotClaimed
from apps.desk.models import Assignment
from apps.review import queue, services
from tests.book import desk_events
from tests.factories.cards import AT, make_card, make_request, reject
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import (
    make_claim,
    make_colleague,
    make_holder,
    make_reviewer,
    make_user,
    make_ward,
)
from tests.review.steps import claimed

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)
LIFETIME = settings.REVIEW_CLAIM_LIFETIME
CASES = {
    "request": lambda: make_request(RequestStatus.ACCEPTED),
    "formal loss": make_formal_loss,
    "guardianship": lambda: make_claim(make_holder()),
}
DESKS = ["cards_cardrequest", "replacement_formalloss", "people_guardianship"]


@pytest.fixture(params=CASES)
def case(request, db):
    return CASES[request.param]()


@pytest.fixture
def request_case(db):
    return make_request(RequestStatus.ACCEPTED)


def holder(case, at=LATER):
    found = assignments.holder_of(case, at=at)
    return found and found.by


def url(case, name):
    return reverse(
        f"admin:{case._meta.app_label}_{case._meta.model_name}_{name}", args=[case.reference]
    )


def test_a_claimed_case_is_held_until_it_lapses(case, reviewer):
    assignments.claim(case=case, by=reviewer, at=LATER)
    assert holder(case) == reviewer
    assert holder(case, at=LATER + LIFETIME - timedelta(seconds=1)) == reviewer
    assert holder(case, at=LATER + LIFETIME) is None


def test_what_a_colleague_holds_is_not_claimed(case, reviewer):
    first = make_holder(name="王芳", user=make_reviewer()).user
    assignments.claim(case=case, by=first, at=LATER)
    with pytest.raises(HeldByOther) as refusal:
        assignments.claim(case=case, by=reviewer, at=LATER + timedelta(minutes=5))
    assert "王芳已于 12:00 领办了这件" in refusal.value.message
    assert holder(case) == first


def test_a_lapsed_claim_is_anybody_s(case, reviewer):
    assignments.claim(case=case, by=make_reviewer(), at=LATER)
    assignments.claim(case=case, by=reviewer, at=LATER + LIFETIME)
    assert holder(case, at=LATER + LIFETIME) == reviewer
    assert Assignment.objects.get().claimed_at == LATER + LIFETIME


def test_claiming_again_holds_longer_from_the_same_beginning(case, reviewer):
    assignments.claim(case=case, by=reviewer, at=LATER)
    assignments.claim(case=case, by=reviewer, at=LATER + timedelta(minutes=20))
    row = Assignment.objects.get()
    assert row.claimed_at == LATER
    assert row.lapses_at == LATER + timedelta(minutes=20) + LIFETIME


def test_a_released_case_is_free(case, reviewer):
    assignments.claim(case=case, by=reviewer, at=LATER)
    assignments.release(case=case, by=reviewer, at=LATER)
    assert holder(case) is None


def test_nobody_releases_what_a_colleague_holds(case, reviewer):
    first = make_reviewer()
    assignments.claim(case=case, by=first, at=LATER)
    assignments.release(case=case, by=reviewer, at=LATER)
    assert holder(case) == first


def test_taking_over_is_written_down(case, reviewer):
    first = make_reviewer()
    assignments.claim(case=case, by=first, at=LATER)
    at = LATER + timedelta(minutes=1)
    assignments.take_over(case=case, by=reviewer, at=at)
    assert holder(case, at=at) == reviewer
    event = desk_events().get()
    assert (event.action, event.by, event.at, event.reference) == (
        "TAKE_OVER",
        reviewer,
        at,
        case.reference,
    )
    assert event.facts["from"] == first.employee_number


def test_taking_over_what_is_free_is_a_claim(case, reviewer):
    assignments.take_over(case=case, by=reviewer, at=LATER)
    assert holder(case) == reviewer
    assert not desk_events().exists()


@pytest.mark.parametrize("verb", [assignments.claim, assignments.take_over])
def test_only_reviewers_hold_cases(case, verb):
    for outsider in (make_user(is_staff=True), make_colleague(roles.AUDITOR)):
        with pytest.raises(MayNotReview):
            verb(case=case, by=outsider, at=LATER)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("verb", [assignments.claim, assignments.take_over])
def test_nobody_holds_a_case_of_their_own_or_of_their_child(reviewer, verb):
    own = make_holder(user=reviewer)
    for case in (
        make_request(RequestStatus.ACCEPTED, holder=make_ward(own), by=reviewer),
        make_formal_loss(card=make_card(holder=own)),
        make_claim(own),
    ):
        with pytest.raises(MayNotReview) as refusal:
            verb(case=case, by=reviewer, at=LATER)
        assert refusal.value.code == "party"
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("verb", [assignments.claim, assignments.take_over])
def test_a_decided_case_is_not_held(request_case, reviewer, verb):
    stale = CardRequest.objects.get(pk=request_case.pk)
    reject(request_case, at=LATER)
    with pytest.raises(Refused) as refusal:
        verb(case=stale, by=reviewer, at=LATER)
    assert refusal.value.code == "not_open"
    assert not Assignment.objects.exists()


def approve(case, by, at=LATER):
    services.approve(request=case, seen_since=case.status_since, by=by, at=at)


def test_a_decision_needs_a_claim_and_ends_it(request_case, reviewer):
    with pytest.raises(NotClaimed):
        approve(request_case, reviewer)
    assignments.claim(case=request_case, by=reviewer, at=LATER)
    approve(request_case, reviewer)
    assert not Assignment.objects.exists()


def test_nobody_decides_what_a_colleague_holds(request_case, reviewer):
    assignments.claim(case=request_case, by=reviewer, at=LATER)
    with pytest.raises(HeldByOther):
        approve(request_case, make_reviewer())
    assert holder(request_case) == reviewer


def test_a_claim_that_lapsed_while_nobody_wanted_the_case_still_counts(request_case, reviewer):
    assignments.claim(case=request_case, by=reviewer, at=LATER)
    approve(request_case, reviewer, at=LATER + LIFETIME * 2)
    assert CardRequest.objects.get().status == RequestStatus.APPROVED


def test_the_first_free_case_is_claimed_in_order():
    newer = make_request(RequestStatus.ACCEPTED, at=AT)
    older = make_request(RequestStatus.ACCEPTED, at=AT - timedelta(days=1))
    first, second, third = make_reviewer(), make_reviewer(), make_reviewer()
    found = [
        assignments.claim_first(cases=queue.waiting_for(by), by=by, at=LATER)
        for by in (first, second, third)
    ]
    assert found == [older, newer, None]
    assert (holder(older), holder(newer)) == (first, second)


def test_who_asks_for_the_next_case_keeps_the_one_they_hold(request_case, reviewer):
    make_request(RequestStatus.ACCEPTED, at=LATER)
    for _ in range(2):
        cases = queue.waiting_for(reviewer)
        assert assignments.claim_first(cases=cases, by=reviewer, at=LATER) == request_case


def test_the_buttons_claim_take_over_and_release(client, case):
    first, second = make_reviewer(), make_reviewer()
    now = timezone.now()
    client.force_login(first)
    assert "您正在办理这件" in claimed(client, case).content.decode()
    client.force_login(second)
    page = claimed(client, case).content.decode()
    assert f"工号 {first.employee_number}已于" in page
    assert "接手</button>" in page
    client.post(url(case, "take_over"))
    assert holder(case, at=now) == second
    client.post(url(case, "release"))
    assert holder(case, at=now) is None


@pytest.mark.parametrize("desk_name", DESKS)
def test_the_next_case_is_claimed_and_opened(desk, reviewer, desk_name):
    cases = [make() for make in CASES.values()]
    [case] = [
        c for c in cases if url(c, "change").startswith(reverse(f"admin:{desk_name}_changelist"))
    ]
    response = desk.post(reverse(f"admin:{desk_name}_next"))
    assert response.url == url(case, "change")
    assert holder(case, at=timezone.now()) == reviewer


@pytest.mark.parametrize("desk_name", DESKS)
def test_the_list_shows_who_holds_each_case_and_offers_the_next(client, desk_name):
    address = reverse(f"admin:{desk_name}_changelist")
    first = make_holder(name="王芳", user=make_reviewer()).user
    client.force_login(first)
    assert reverse(f"admin:{desk_name}_next") not in client.get(address).content.decode()
    for make in CASES.values():
        assignments.claim(case=make(), by=first, at=timezone.now())
    page = client.get(address).content.decode()
    assert "我，到" in page or "王芳，" in page
    assert f'action="{reverse(f"admin:{desk_name}_next")}"' in page
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


def test_a_page_shows_its_forms_to_the_holder_only(client, case):
    first, second = make_reviewer(), make_reviewer()
    client.force_login(first)
    assert shows_forms(claimed(client, case))
    client.force_login(second)
    assert not shows_forms(client.get(url(case, "change")))


def test_an_auditor_sees_who_holds_a_case_and_no_button(client, case, reviewer):
    assignments.claim(case=case, by=reviewer, at=timezone.now())
    client.force_login(make_colleague(roles.AUDITOR))
    page = client.get(url(case, "change")).content.decode()
    for button in ("领办这件", "接手</button>", "放回待办"):
        assert button not in page
    for name in ("claim", "take_over", "release"):
        assert client.post(url(case, name)).status_code == 403


@pytest.mark.parametrize("name", ["claim", "release", "take_over"])
def test_a_claim_is_posted_for_a_case_that_exists(desk, case, name):
    assert desk.get(url(case, name)).status_code == 405
    unknown = url(case, name).replace(case.reference, "AAAAAAAAAAAAAAAA")
    assert desk.post(unknown).status_code == 404
