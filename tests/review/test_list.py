"""The list of requests: what it opens on, what it finds, what it never shows."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.working_days import add_working_days
from apps.review import queue
from tests.factories.cards import AT, make_request
from tests.factories.people import make_holder, make_user, make_ward
from tests.factories.regions import make_bank, make_city

pytestmark = pytest.mark.django_db

LIST = reverse("admin:cards_cardrequest_changelist")


def shown(response):
    return [row.reference for row in response.context["cl"].result_list]


def test_the_list_opens_on_what_waits_with_the_oldest_promise_first(desk):
    newer = make_request(RequestStatus.ACCEPTED, at=AT)
    older = make_request(RequestStatus.ACCEPTED, at=AT - timedelta(days=3))
    for status in RequestStatus:
        if status != RequestStatus.ACCEPTED:
            make_request(status)
    assert shown(desk.get(LIST)) == [older.reference, newer.reference]


def test_drafts_are_in_no_list(desk):
    make_request(RequestStatus.DRAFT)
    assert shown(desk.get(LIST, {"status": "all"})) == []


@pytest.mark.parametrize("status", ["NEEDS_AMENDMENT", "REJECTED", "COLLECTED"])
def test_the_list_filters_by_status(desk, status):
    make_request(RequestStatus.ACCEPTED)
    wanted = make_request(status)
    assert shown(desk.get(LIST, {"status": status})) == [wanted.reference]


def test_the_list_filters_by_city_and_bank(desk):
    bank = make_bank("95588", "中国工商银行")
    city = make_city("370300", "淄博市")
    make_request(RequestStatus.ACCEPTED)
    wanted = make_request(RequestStatus.ACCEPTED, city=city, bank=bank)
    assert shown(desk.get(LIST, {"city__code__exact": "370300"})) == [wanted.reference]
    assert shown(desk.get(LIST, {"bank__code__exact": "95588"})) == [wanted.reference]


def test_the_list_marks_and_filters_what_is_overdue(desk):
    now = timezone.now()
    make_request(RequestStatus.ACCEPTED, at=now - timedelta(minutes=10))
    late = make_request(RequestStatus.ACCEPTED, at=now - timedelta(days=40))
    page = desk.get(LIST, {"overdue": "yes"})
    assert shown(page) == [late.reference]
    assert "已超期" in page.content.decode()


@pytest.mark.parametrize("on", [datetime(2026, 11, d).date() for d in range(1, 30)])  # noqa: DTZ001
def test_overdue_is_exactly_what_is_past_its_promise(on, settings):
    settings.REVIEW_WORKING_DAYS = 3
    limit = queue.overdue_before(on)
    for hours in range(0, 24 * 14, 5):
        since = AT.replace(day=1) + timedelta(days=on.day - 14, hours=hours)
        is_late = on > add_working_days(timezone.localdate(since), 3)
        assert (since < limit) == is_late


def test_a_search_finds_by_reference_employee_number_id_number_and_name(desk):
    holder = make_holder(name="欧阳·娜娜")
    wanted = make_request(RequestStatus.REJECTED, holder=holder)
    make_request(RequestStatus.ACCEPTED)
    for term in (
        wanted.reference.lower(),
        holder.user.employee_number,
        f" {holder.id_number[:6]} {holder.id_number[6:]} ",
        "阳•娜",
    ):
        assert shown(desk.post(LIST, {"q": term})) == [wanted.reference], term


def test_a_part_of_an_id_number_finds_nothing(desk):
    request = make_request(RequestStatus.ACCEPTED)
    assert shown(desk.post(LIST, {"q": request.holder.id_number[:14]})) == []


def test_what_is_searched_for_stands_in_no_address(desk):
    page = desk.post(LIST, {"q": "张超"}).content.decode()
    assert "q=%E5" not in page
    assert "?q=" not in page
    assert 'method="post" role="search"' in page


def test_the_list_shows_masked_names_and_no_id_number(desk):
    holder = make_holder(name="欧阳娜娜")
    make_request(RequestStatus.ACCEPTED, holder=holder)
    page = desk.get(LIST).content.decode()
    assert "***娜" in page
    assert holder.name not in page
    assert holder.id_number not in page
    assert holder.phone not in page


def test_a_request_of_a_guardian_says_so(desk):
    guardian = make_holder()
    make_request(RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user)
    assert "监护人代办" in desk.get(LIST).content.decode()


def test_20_rows_cost_as_many_queries_as_2(desk, django_assert_num_queries):
    for _ in range(2):
        make_request(RequestStatus.ACCEPTED)
    desk.get(LIST)
    with django_assert_num_queries(8) as two:
        desk.get(LIST)
    for _ in range(18):
        make_request(RequestStatus.ACCEPTED)
    with django_assert_num_queries(len(two)):
        assert len(shown(desk.get(LIST))) == 20


def test_nothing_is_added_deleted_or_edited_here(desk):
    request = make_request(RequestStatus.ACCEPTED)
    page = desk.get(LIST).content.decode()
    assert "addlink" not in page
    assert 'name="action"' not in page
    for end in ("add/", f"{request.pk}/delete/", f"{request.reference}/delete/"):
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
