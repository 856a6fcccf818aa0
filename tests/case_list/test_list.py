"""The list of requests: what it opens on, what it says of each, what it never shows."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.common.working_days import add_working_days
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.requests.models import Particulars
from apps.review import queue
from tests.factories.cards import AT, make_calm, make_request
from tests.factories.checks import make_face_check
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_user, make_ward
from tests.factories.regions import make_bank, make_city
from tests.review.steps import resubmit

pytestmark = pytest.mark.django_db

LIST = reverse("admin:cards_cardrequest_changelist")


def shown(response):
    return [row.card_request.reference for row in response.context["rows"]]


def row_of(response, card_request):
    [row] = [row for row in response.context["rows"] if row.card_request == card_request]
    return row


def test_the_list_opens_on_what_waits_with_the_oldest_promise_first(desk):
    newer = make_request(RequestStatus.ACCEPTED, at=AT)
    older = make_request(RequestStatus.ACCEPTED, at=AT - timedelta(days=3))
    for status in RequestStatus:
        if status != RequestStatus.ACCEPTED:
            make_request(status)
    assert shown(desk.get(LIST)) == [older.reference, newer.reference]


def test_drafts_are_in_no_list(desk):
    make_request(RequestStatus.DRAFT)
    for stage in ("all", "DRAFT"):
        assert shown(desk.get(LIST, {"stage": stage})) == []


@pytest.mark.parametrize("stage", ["NEEDS_AMENDMENT", "REJECTED", "COLLECTED"])
def test_the_list_filters_by_status(desk, stage):
    make_request(RequestStatus.ACCEPTED)
    wanted = make_request(stage)
    assert shown(desk.get(LIST, {"stage": stage})) == [wanted.reference]


def test_what_is_over_is_listed_with_the_newest_first(desk):
    older = make_request(RequestStatus.REJECTED, at=AT)
    newer = make_request(RequestStatus.REJECTED, at=AT + timedelta(days=1))
    assert shown(desk.get(LIST, {"stage": "REJECTED"})) == [newer.reference, older.reference]


def test_the_list_marks_and_filters_what_is_overdue(desk):
    now = timezone.now()
    make_request(RequestStatus.ACCEPTED, at=now - timedelta(minutes=10))
    late = make_request(RequestStatus.ACCEPTED, at=now - timedelta(days=40))
    page = desk.get(LIST, {"age": "overdue"})
    assert shown(page) == [late.reference]
    assert row_of(page, late).days_overdue > 20
    assert "已超期" in page.content.decode()


@pytest.mark.parametrize("today", [date(2026, 11, day) for day in range(1, 30)])
def test_overdue_is_exactly_what_is_past_its_promise(today, settings):
    settings.REVIEW_WORKING_DAYS = 3
    limit = queue.overdue_before(today)
    for hours in range(0, 24 * 14, 5):
        since = AT.replace(day=1) + timedelta(days=today.day - 14, hours=hours)
        is_late = today > add_working_days(day_of(since), 3)
        assert (since < limit) == is_late


def test_the_list_shows_masked_names_and_no_id_number(desk):
    holder = make_holder(name="欧阳娜娜")
    make_request(RequestStatus.ACCEPTED, holder=holder)
    page = desk.get(LIST).content.decode()
    assert "***娜" in page
    assert holder.name not in page
    assert holder.id_number not in page
    assert holder.phone not in page


def labels(row):
    return [risk.label for risk in row.risks]


def test_a_request_of_a_guardian_says_so_and_names_the_guardian_s_department(desk):
    guardian = make_holder(department="数学学院")
    card_request = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user
    )
    row = row_of(desk.get(LIST), card_request)
    assert (labels(row)[0], row.card_request.department) == ("监护人代办", "数学学院")
    number = guardian.user.employee_number
    assert row.card_request.employee_number == number
    assert f"工号 {number} <button" in desk.get(LIST).content.decode()
    case = reverse("admin:cards_cardrequest_change", args=[card_request.reference])
    assert f"监护人 张超（父女），数学学院 · 工号 {number}" in desk.get(case).content.decode()


def test_a_request_that_came_back_says_why(desk):
    answered, untouched = make_calm(), make_calm()
    resubmit(answered, at=AT + timedelta(hours=1))
    page = desk.get(LIST)
    assert labels(row_of(page, answered)) == ["手机号有变", "修改后重新提交"]
    assert labels(row_of(page, untouched)) == []
    assert shown(desk.get(LIST, {"stage": "resubmitted"})) == [answered.reference]


def test_a_request_whose_identity_check_is_uncertain_says_so(desk):
    card_request = make_calm()
    make_face_check(card_request)
    assert labels(row_of(desk.get(LIST), card_request)) == ["核验待判断"]


def test_a_request_that_does_not_wait_shows_no_risk_and_is_found_by_none(desk):
    risky, calm = make_request(RequestStatus.ACCEPTED), make_calm()
    over = make_request(RequestStatus.REJECTED)
    assert labels(row_of(desk.get(LIST, {"stage": "all"}), over)) == []
    assert shown(desk.get(LIST, {"risk": "none"})) == [calm.reference]
    for risk in ("some", "PHONE_CHANGED", "FACE_NOT_COMPARED"):
        assert shown(desk.get(LIST, {"risk": risk})) == [risky.reference]


def test_the_list_shows_who_holds_what_and_offers_what_can_be_done(desk, reviewer):
    now = timezone.now()
    free, mine, theirs, own = (make_request(RequestStatus.ACCEPTED) for _ in range(4))
    CardRequest.objects.filter(pk=own.pk).update(applicant=reviewer)
    claims.claim(subject=mine, by=reviewer, at=now)
    claims.claim(subject=theirs, by=make_holder(name="王芳", user=make_reviewer()).user, at=now)
    page = desk.get(LIST)
    assert row_of(page, mine).hold.is_mine
    assert row_of(page, theirs).hold.claim.by.holder.name == "王芳"
    html = page.content.decode()
    assert "王芳，" in html
    for card_request, offered in (
        (free, "claim"),
        (mine, "release"),
        (theirs, "take_over"),
        (own, None),
    ):
        for name in ("claim", "release", "take_over"):
            button = reverse(f"admin:cards_cardrequest_{name}", args=[card_request.reference])
            assert (button in html) == (name == offered), (name, offered)
    assert "与您有关，由同事办理" in html


def test_a_lapsed_claim_is_shown_to_nobody(desk):
    card_request = make_request(RequestStatus.ACCEPTED)
    claims.claim(subject=card_request, by=make_reviewer(), at=timezone.now() - timedelta(hours=1))
    hold = row_of(desk.get(LIST), card_request).hold
    assert (hold.claim, hold.offer.is_open) == (None, True)


def test_a_case_released_in_the_list_leads_back_to_the_list(desk, reviewer):
    card_request = make_request(RequestStatus.ACCEPTED)
    claims.claim(subject=card_request, by=reviewer, at=timezone.now())
    release = reverse("admin:cards_cardrequest_release", args=[card_request.reference])
    assert desk.post(release, {"back": "1"}).url == LIST
    assert row_of(desk.get(LIST), card_request).hold.claim is None


def test_the_next_case_is_the_oldest_that_waits_in_the_list(desk):
    oldest = make_request(RequestStatus.ACCEPTED, at=AT - timedelta(days=1))
    guardian = make_holder()
    child = make_request(
        RequestStatus.ACCEPTED, at=AT, holder=make_ward(guardian), by=guardian.user
    )
    for query, expected in (({}, oldest), ({"stage": "all", "whose": "child"}, child)):
        page = desk.get(LIST, query).content.decode()
        [button] = re.findall(r'action="([^"]+/next/[^"]*)"', page)
        opened = desk.post(button).url
        assert opened.startswith(
            reverse("admin:cards_cardrequest_change", args=[expected.reference])
        )
    assert "/next/" not in desk.get(LIST, {"stage": "COLLECTED"}).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_auditor_sees_the_list_without_a_button_that_changes_something(client, method):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(make_colleague(roles.AUDITOR))
    page = getattr(client, method)(LIST, {"q": card_request.reference} if method == "post" else {})
    assert shown(page) == [card_request.reference]
    actions = re.findall(r'<form[^>]+method="post"[^>]+action="([^"]+)"', page.content.decode())
    # How the pages look is one's own.
    assert set(actions) <= {LIST, reverse("admin:logout"), reverse("account:look")}


def many(count):
    """Requests with everything that a row can show."""
    guardian = make_holder()
    for number in range(count):
        at = AT + timedelta(minutes=number)
        card_request = make_request(
            RequestStatus.ACCEPTED, at=at, bank=make_bank(), city=make_city()
        )
        make_face_check(card_request)
        claims.claim(subject=card_request, by=make_reviewer(), at=timezone.now())
    make_request(RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user)


@pytest.mark.parametrize("method", ["get", "post"])
def test_6_rows_cost_as_many_queries_as_2(desk, django_assert_num_queries, method):
    ask = partial(getattr(desk, method), LIST, {"q": "张"} if method == "post" else {})
    many(1)
    ask()
    with CaptureQueriesContext(connection) as two:
        assert len(shown(ask())) == 2
    many(4)
    with django_assert_num_queries(len(two)):
        assert len(shown(ask())) == 7


def test_the_list_costs_five_queries(desk, django_assert_num_queries):
    """Session, account, permissions; in one: saved lists, absence, calendar, keys; and in one:
    page, put away, risks, claims, whether there is a next one.

    Once a minute also departments, cities, banks and rosters to choose from.
    """
    many(5)
    desk.get(LIST)
    with django_assert_num_queries(5):
        desk.get(LIST)


def test_nothing_is_added_deleted_or_edited_here(desk):
    card_request = make_request(RequestStatus.ACCEPTED)
    page = desk.get(LIST).content.decode()
    assert "addlink" not in page
    for end in ("add/", f"{card_request.pk}/delete/", f"{card_request.reference}/delete/"):
        assert desk.get(f"{LIST}{end}").status_code == 404


def test_a_visitor_is_led_to_the_portal_s_sign_in(client):
    response = client.get(LIST)
    assert response.status_code == 302
    assert "/admin/login/" in response.url
    response = client.get(response.url)
    assert response.url.startswith(reverse("account_login"))


def test_staff_without_the_permission_is_refused(client):
    client.force_login(make_user(is_staff=True))
    assert client.get(LIST).status_code == 403


def test_somebody_who_is_no_staff_does_not_get_in(client):
    client.force_login(make_holder().user)
    assert client.get(LIST, follow=True).status_code == 403


def test_the_group_of_reviewers_opens_the_list(client):
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name="审核人"))
    client.force_login(user)
    assert client.get(LIST).status_code == 200


def test_what_can_be_taken_back_is_said_in_the_list(desk):
    at = timezone.now() - timedelta(minutes=7)
    make_request(RequestStatus.NEEDS_AMENDMENT, at=at - timedelta(hours=1))
    begun = make_request(RequestStatus.NEEDS_AMENDMENT, at=at)
    Particulars.objects.filter(card_request=begun).update(edited={"phone": [1, "x"]})
    desk.get(LIST)
    costs = []
    for number in (1, 4):
        make_request(RequestStatus.NEEDS_AMENDMENT, at=at)
        if number > 1:
            for _ in range(2):
                make_request(RequestStatus.NEEDS_AMENDMENT, at=at)
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(LIST, {"stage": RequestStatus.NEEDS_AMENDMENT}).content.decode()
        assert page.count("前可撤回") == number, "one applicant has begun to change it"
        costs.append(len(queries))
    assert costs[1] <= costs[0]
