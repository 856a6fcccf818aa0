"""Who is away gets no cases, what they hold is free, and a deputy has their errands."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.absences import services
from apps.desk.claims import services as claims
from apps.desk.claims.live import claim_of
from apps.desk.event_kinds import ABSENCE
from apps.desk.models import Absence, Claim, Referral
from apps.desk.referrals import services as referrals
from apps.desk.referrals.live import waiting_for
from apps.encryption import public_keys
from apps.events.models import Event
from tests.factories.cards import AT as BEGAN
from tests.factories.cards import make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import make_colleague, make_reviewer

pytestmark = pytest.mark.django_db
AT = BEGAN + timedelta(hours=1)
TODAY = day_of(AT)
DAY = timedelta(days=1)


def away(user, *, first=TODAY, last=TODAY + DAY, deputy=None, by=None, at=AT):
    return services.set_absence(
        user=user, first=first, last=last, deputy=deputy, by=by or user, at=at
    )


def refused(verb, **arguments):
    with pytest.raises(Refused) as found:
        verb(**arguments)
    assert found.value.message
    return found.value.code


@pytest.mark.parametrize("offset", range(-1, 4))
def test_who_is_away_is_told_the_same_by_the_database_and_by_the_row(offset):
    absence, day = away(make_reviewer(), first=TODAY + DAY, last=TODAY + 2 * DAY), TODAY
    day = TODAY + offset * DAY
    assert Absence.objects.on(day).filter(pk=absence.pk).exists() == absence.is_on(day)
    services.end_absence(absence=absence, by=absence.user, at=AT)
    absence.refresh_from_db()
    assert not absence.is_on(day)
    assert not Absence.objects.on(day).exists()


def test_a_claim_is_free_from_the_first_moment_and_live_again_for_who_is_back():
    reviewer, colleague = make_reviewer(), make_reviewer()
    case = make_request(RequestStatus.ACCEPTED)
    claims.claim(subject=case, by=reviewer, at=AT)
    absence = away(reviewer)
    assert claim_of(case, at=AT) is None
    assert not Claim.objects.get().is_live(AT)
    assert claims.claim_first(cases=CardRequest.objects.all(), by=colleague, at=AT) == case
    other = make_request(RequestStatus.ACCEPTED)
    services.end_absence(absence=absence, by=reviewer, at=AT)
    claims.claim(subject=other, by=reviewer, at=AT)
    assert Claim.objects.get(card_request=other).is_live(AT)


def test_before_the_first_day_and_after_the_last_one_all_is_as_usual():
    reviewer, case = make_reviewer(), make_request(RequestStatus.ACCEPTED)
    away(reviewer, first=TODAY + DAY, last=TODAY + 2 * DAY)
    claims.claim(subject=case, by=reviewer, at=AT)
    assert claim_of(case, at=AT).by == reviewer
    later = AT + 3 * DAY
    claims.claim(subject=case, by=reviewer, at=later)
    assert claim_of(case, at=later).by == reviewer


def test_who_is_away_is_given_nothing():
    reviewer, colleague = make_reviewer(), make_reviewer()
    case = make_request(RequestStatus.ACCEPTED)
    away(reviewer)
    assert refused(claims.claim, subject=case, by=reviewer, at=AT) == "away"
    assert refused(claims.take_over, subject=case, by=reviewer, at=AT) == "away"
    for verb in (referrals.hand_over, referrals.ask):
        code = refused(verb, subject=case, to=reviewer, note="请看照片", by=colleague, at=AT)
        assert code == "away"
    assert not Claim.objects.exists()
    assert not Referral.objects.exists()


def test_the_deputy_has_what_was_referred_put_away_and_held():
    reviewer, deputy, third = make_reviewer(), make_reviewer(), make_reviewer()
    asked, put_away, held, others = (make_request(RequestStatus.ACCEPTED) for _ in range(4))
    referrals.ask(subject=asked, to=reviewer, note="请看照片", by=third, at=AT)
    until = TODAY + 5 * DAY
    claims.postpone(subject=put_away, until=until, reason="等回电", by=reviewer, at=AT)
    claims.claim(subject=held, by=reviewer, at=AT)
    claims.claim(subject=others, by=third, at=AT)
    waiting = CardRequest.objects.all()
    assert not waiting_for(deputy, waiting, at=AT).exists()
    away(reviewer, deputy=deputy)
    assert set(waiting_for(deputy, waiting, at=AT)) == {asked, put_away, held}
    assert not waiting_for(third, waiting, at=AT).exists()
    assert not waiting_for(deputy, waiting, at=AT + 2 * DAY).exists()


def test_the_deputy_answers_who_asked():
    reviewer, deputy, third = make_reviewer(), make_reviewer(), make_reviewer()
    case = make_request(RequestStatus.ACCEPTED)
    referral = referrals.ask(subject=case, to=reviewer, note="请看照片", by=third, at=AT)
    answer = {"referral": referral, "text": "可以", "at": AT}
    assert refused(referrals.answer, by=deputy, **answer) == "not_asked"
    away(reviewer, deputy=deputy)
    referrals.answer(by=deputy, **answer)
    referral.refresh_from_db()
    assert referral.answer == "可以"
    event = Event.objects.get(action="ANSWER_COLLEAGUE")
    assert event.by == deputy


def test_the_deputy_of_a_deputy_has_the_errands_of_both():
    reviewer, deputy, further, third = (make_reviewer() for _ in range(4))
    case = make_request(RequestStatus.ACCEPTED)
    referral = referrals.ask(subject=case, to=reviewer, note="请看照片", by=third, at=AT)
    away(reviewer, deputy=deputy)
    days = {"first": TODAY, "last": TODAY, "deputy": None}
    arguments = {"user": deputy, "by": deputy, "at": AT} | days
    assert refused(services.set_absence, **arguments) == "stands_in"
    away(deputy, last=TODAY, deputy=further)
    assert set(waiting_for(further, CardRequest.objects.all(), at=AT)) == {case}
    assert not waiting_for(further, CardRequest.objects.all(), at=AT + DAY).exists()
    referrals.answer(referral=referral, text="可以", by=further, at=AT)


def test_who_may_say_that_somebody_is_away():
    reviewer, lead = make_reviewer(), make_colleague(roles.SUPERVISOR)
    days = {"first": TODAY, "last": TODAY, "deputy": None, "at": AT}
    assert refused(services.set_absence, user=lead, by=reviewer, **days) == "not_own"
    absence = services.set_absence(user=reviewer, by=lead, **days)
    other = make_reviewer()
    assert refused(services.end_absence, absence=absence, by=other, at=AT) == "not_own"
    services.end_absence(absence=absence, by=reviewer, at=AT)
    services.end_absence(absence=absence, by=reviewer, at=AT)
    events = Event.objects.of_kind(ABSENCE).order_by("pk")
    assert [event.action for event in events] == ["SET", "END"]
    assert events[0].facts["away"] == reviewer.employee_number


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (TODAY, TODAY - DAY, "order"),
        (TODAY - 3 * DAY, TODAY - DAY, "past"),
        (TODAY, TODAY + 365 * DAY, "too_long"),
        (TODAY + DAY, TODAY + DAY, "double"),
    ],
)
def test_days_that_cannot_be_are_said(first, last, code):
    reviewer = make_reviewer()
    away(reviewer, last=TODAY + 2 * DAY) if code == "double" else None
    days = {"first": first, "last": last, "deputy": None}
    assert refused(services.set_absence, user=reviewer, by=reviewer, at=AT, **days) == code


def test_a_deputy_is_another_reviewer_who_is_there():
    reviewer, gone = make_reviewer(), make_reviewer()
    away(gone)
    stranger = make_colleague(roles.OPERATOR)
    for deputy, code in ((reviewer, "myself"), (gone, "away_too"), (stranger, "no_reviewer")):
        days = {"first": TODAY, "last": TODAY, "deputy": deputy}
        assert refused(services.set_absence, user=reviewer, by=reviewer, at=AT, **days) == code


LIST = reverse("admin:desk_absence_changelist")


def entered(**more):
    today = day_of(timezone.now()).isoformat()
    return {"first": today, "last": today} | more


def test_a_reviewer_enters_it_and_is_led_to_no_case(client):
    reviewer, deputy = make_reviewer(), make_reviewer()
    make_request(RequestStatus.ACCEPTED)
    client.force_login(reviewer)
    page = client.post(LIST, entered(deputy=public_keys.of(deputy)), follow=True).content.decode()
    assert "现在不在岗" in page
    answer = client.post(reverse("admin:cards_cardrequest_next"), follow=True)
    assert "您登记了不在岗" in answer.content.decode()
    assert not Claim.objects.exists()
    client.post(reverse("admin:desk_absence_end", args=[Absence.objects.get().reference]))
    client.post(reverse("admin:cards_cardrequest_next"))
    assert Claim.objects.get().by == reviewer


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("cards_cardrequest", lambda: make_request(RequestStatus.ACCEPTED)),
        ("replacement_formalloss", make_formal_loss),
    ],
)
def test_nobody_away_is_offered_a_case_that_would_be_refused(client, name, make):
    case, reviewer, at = make(), make_reviewer(), timezone.now()
    pages = [
        reverse(f"admin:{name}_change", args=[case.reference]),
        reverse(f"admin:{name}_changelist"),
        reverse("admin:index"),
    ]
    claiming = re.compile(r'action="[^"]*/(claim|next|take-over)/')
    client.force_login(reviewer)
    for page in pages:
        assert claiming.search(client.get(page).content.decode())
    claims.claim(subject=case, by=reviewer, at=at)
    away(reviewer, first=day_of(at), last=day_of(at), at=at)
    for page in pages:
        html = client.get(page).content.decode()
        assert not claiming.search(html)
        assert "您登记了不在岗" in html


def test_wrong_days_stand_beside_their_field(client):
    client.force_login(make_reviewer())
    yesterday = (day_of(timezone.now()) - DAY).isoformat()
    answer = client.post(LIST, entered(first=yesterday, last=yesterday))
    assert "已经过去" in str(answer.context["form"].errors["last"])
    answer = client.post(LIST, {"first": "x", "last": ""})
    assert {"first", "last"} == answer.context["form"].errors.keys()


def test_the_list_of_colleagues_says_who_is_away(client):
    reviewer, gone, deputy = make_reviewer(), make_reviewer(), make_reviewer()
    now = timezone.now()
    away(gone, first=day_of(now), last=day_of(now), deputy=deputy, at=now)
    case = make_request(RequestStatus.ACCEPTED)
    client.force_login(reviewer)
    url = reverse("admin:cards_cardrequest_refer", args=[case.reference])
    page = client.get(url).content.decode()
    assert "代办）" in page
    assert "不在岗，到" in page
    answer = client.post(
        url, {"refer-kind": "HAND_OVER", "refer-to": public_keys.of(gone), "refer-note": ""}
    )
    assert "请选另一位同事" in str(answer.context["referring"].errors["to"])


def test_the_team_page_shows_it_with_the_same_queries(client):
    client.force_login(make_colleague(roles.SUPERVISOR))
    now = timezone.now()
    counts = []
    for _ in range(2):
        for _ in range(3):
            who = make_reviewer()
            away(who, first=day_of(now), last=day_of(now), deputy=make_reviewer(), at=now)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("admin:desk_claim_workload")).content.decode()
        counts.append(len(queries))
        assert "现在不在岗" in page
    assert counts[0] == counts[1]
