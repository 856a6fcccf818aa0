"""What the list can be narrowed by, how that is said and taken back, and that it is remembered."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.case_list import pages
from apps.common.templatetags.formats import day
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.people.models import Holder
from apps.review.filters import RequestFilter
from tests.factories import rosters
from tests.factories.cards import AT, make_request
from tests.factories.checks import make_face_check, pass_check
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_ward
from tests.factories.regions import make_bank, make_city
from tests.review.steps import resubmit

pytestmark = pytest.mark.django_db

LIST = reverse("admin:cards_cardrequest_changelist")


def narrowed(query, *, user=None, at=AT):
    form = RequestFilter.read(QueryDict(query))
    return set(form.narrow(CardRequest.objects.all(), user=user, at=at))


def test_by_matter_city_bank_department_and_child():
    plain = make_request(RequestStatus.ACCEPTED)
    zibo, icbc = make_city("370300", "淄博市"), make_bank("95588", "中国工商银行")
    guardian = make_holder(department="数学学院")
    wanted = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user, city=zibo, bank=icbc
    )
    for query in ("city=370300", "bank=95588", "department=数学学院", "whose=child"):
        assert narrowed(query) == {wanted}, query
    assert narrowed("whose=self") == {plain}
    assert narrowed("matter=FIRST") == {plain, wanted}
    assert narrowed("matter=LOST") == narrowed("matter=RENEWAL") == set()


def test_by_stage():
    waiting, answered = make_request(RequestStatus.ACCEPTED), make_request(RequestStatus.ACCEPTED)
    resubmit(answered, at=AT)
    rejected = make_request(RequestStatus.REJECTED)
    make_request(RequestStatus.DRAFT)
    assert narrowed("") == narrowed("stage=waiting") == {waiting, answered}
    assert narrowed("stage=resubmitted") == {answered}
    assert narrowed("stage=failed") == set()
    assert narrowed("stage=REJECTED") == {rejected}
    assert narrowed("stage=all") == {waiting, answered, rejected}


def test_by_the_age_of_the_case():
    ages = {
        days: make_request(RequestStatus.ACCEPTED, at=AT - timedelta(days=days))
        for days in (0, 4, 8, 31)
    }
    assert narrowed("age=3") == {ages[4], ages[8], ages[31]}
    assert narrowed("age=7") == {ages[8], ages[31]}
    assert narrowed("age=30") == {ages[31]}


def test_by_the_result_of_the_identity_check():
    none, uncertain, passed = (make_request(RequestStatus.ACCEPTED) for _ in range(3))
    make_face_check(uncertain)
    pass_check(
        holder=passed.holder, by=passed.applicant, purpose="APPLY", at=AT, card_request=passed
    )
    assert narrowed("check_result=none") == {none}
    assert narrowed("check_result=uncertain") == {uncertain}
    assert narrowed("check_result=passed") == {passed}


def test_by_who_holds_the_case():
    me, other = make_reviewer(), make_reviewer()
    mine, theirs, lapsed, free = (make_request(RequestStatus.ACCEPTED) for _ in range(4))
    claims.claim(subject=mine, by=me, at=AT)
    claims.claim(subject=theirs, by=other, at=AT)
    claims.claim(subject=lapsed, by=other, at=AT - timedelta(hours=1))
    assert narrowed("held=mine", user=me) == {mine}
    assert narrowed("held=others", user=me) == {theirs}
    assert narrowed("held=free", user=me) == {lapsed, free}


def test_what_is_unknown_in_a_link_is_left_out_and_said(desk):
    card_request = make_request(RequestStatus.ACCEPTED)
    for query in ("city=999999", "stage=gone&whose=self", "held=%00", "department=" + "x" * 99):
        response = desk.get(f"{LIST}?{query}")
        assert [row.card_request for row in response.context["rows"]] == [card_request], query
        assert "网址里有的条件已经不存在" in response.content.decode()


def test_what_narrows_is_said_with_a_way_to_take_each_back(desk):
    make_request(RequestStatus.ACCEPTED)
    response = desk.get(LIST, {"stage": "all", "whose": "child", "department": "数学学院"})
    assert response.context["removals"] == [
        ("环节", "全部", "department=%E6%95%B0%E5%AD%A6%E5%AD%A6%E9%99%A2&whose=child"),
        ("部门", "数学学院", "stage=all&whose=child"),
        ("办理方式", "监护人代办", "stage=all&department=%E6%95%B0%E5%AD%A6%E5%AD%A6%E9%99%A2"),
    ]
    assert "没有符合这些条件的申请" in response.content.decode()


def test_the_last_choice_is_found_again_after_a_case(desk):
    make_request(RequestStatus.ACCEPTED)
    desk.get(LIST, {"stage": "all", "whose": "self", "city": ""})
    desk.post(LIST, {"q": "张"})
    response = desk.get(LIST, follow=True)
    assert response.redirect_chain == [(f"{LIST}?stage=all&whose=self", 302)]
    assert len(response.context["removals"]) == 2


def test_the_choice_can_be_forgotten(desk):
    desk.get(LIST, {"whose": "self"})
    response = desk.get(LIST, {"stage": "waiting"})
    assert response.context["removals"] == []
    assert desk.get(LIST).status_code == 200


def test_a_choice_is_remembered_for_oneself(client):
    for query in ({"whose": "self"}, {}):
        client.force_login(make_reviewer())
        assert client.get(LIST, query).status_code == 200


def test_the_departments_are_offered(desk):
    make_holder(department="数学学院")
    assert 'name="department" value="数学学院"' in desk.get(LIST).content.decode()


def test_a_department_that_came_since_is_offered_once_it_is_chosen(desk):
    """The options are read once a minute."""
    make_holder(department="数学学院")
    desk.get(LIST)
    make_holder(department="物理学院")
    ticked = 'name="department" value="物理学院" checked'
    assert ticked in desk.get(LIST, {"department": "物理学院"}).content.decode()
    unticked = desk.get(LIST, {"department": "数学学院"}).content.decode()
    assert 'value="数学学院" checked' in unticked
    assert ticked not in unticked


def test_several_departments_at_once_each_with_a_chip_of_its_own(desk):
    maths, physics, arts = (
        make_request(RequestStatus.ACCEPTED, holder=make_holder(department=name))
        for name in ("数学学院", "物理学院", "艺术学院")
    )
    assert narrowed("department=数学学院&department=物理学院") == {maths, physics}
    response = desk.get(LIST, {"department": ["数学学院", "物理学院"], "whose": "self"})
    assert response.context["removals"][:2] == [
        ("部门", "数学学院", "department=%E7%89%A9%E7%90%86%E5%AD%A6%E9%99%A2&whose=self"),
        ("部门", "物理学院", "department=%E6%95%B0%E5%AD%A6%E5%AD%A6%E9%99%A2&whose=self"),
    ]
    # The case carries both, and so does the way to the next one and back.
    [row, _] = response.context["rows"]
    page = desk.get(reverse("admin:cards_cardrequest_change", args=[row.card_request.reference]))
    trail = response.context["trail"]
    assert trail.count("department") == 2
    case = reverse("admin:cards_cardrequest_change", args=[maths.reference])
    page = desk.get(case + trail)
    assert page.context["next_url"].startswith(
        reverse("admin:cards_cardrequest_change", args=[physics.reference])
    )
    assert page.context["list_url"].count("department") == 2
    assert arts.reference not in page.content.decode()


def test_too_many_departments_are_left_out_and_said(desk):
    card_request = make_request(RequestStatus.ACCEPTED)
    response = desk.get(LIST, {"department": [f"第{number}学院" for number in range(13)]})
    assert [row.card_request for row in response.context["rows"]] == [card_request]
    assert "最多选 12 个部门。" in response.content.decode()


def test_by_the_roster_by_which_somebody_came(desk):
    plain = make_request(RequestStatus.ACCEPTED)
    hr = make_colleague(roles.SUPERVISOR)
    taken_in = rosters.upload(hr, f"N1001,李新,{rosters.NUMBER},13600001111,数学学院,")
    upload = rosters.apply(taken_in, hr)
    newcomer = Holder.objects.get(user__employee_number="N1001")
    own = make_request(RequestStatus.ACCEPTED, holder=newcomer)
    child = make_request(RequestStatus.ACCEPTED, holder=make_ward(newcomer), by=newcomer.user)
    assert narrowed(f"intake={upload.reference}") == {own, child}
    response = desk.get(LIST, {"intake": upload.reference})
    [(label, text, _rest)] = response.context["removals"]
    assert (label, text) == ("随哪份名册进来", f"{day(AT)}，新增 1 人")
    for nothing in ("GONE", "%00", "' OR 1=1", ""):
        assert plain in narrowed(f"intake={nothing}")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("", "ab"), ("waited", "ab"), ("-waited", "ba"), ("handed_in", "ba"), ("-handed_in", "ab")],
)
def test_the_sort_holds_on_the_list_and_on_the_way_through_it(desk, sort, expected):
    """B was handed in first, and came back to the desk after A."""
    b = make_request(RequestStatus.ACCEPTED, at=AT)
    a = make_request(RequestStatus.ACCEPTED, at=AT + timedelta(hours=1))
    resubmit(b, at=AT + timedelta(hours=2))
    first, second = ({"a": a, "b": b}[name] for name in expected)
    response = desk.get(LIST, {"sort": sort} if sort else {})
    assert [row.card_request for row in response.context["rows"]] == [first, second]
    case = reverse("admin:cards_cardrequest_change", args=[first.reference])
    page = desk.get(case + response.context["trail"])
    assert second.reference in page.context["next_url"]
    assert page.context["is_around"] is False
    html = response.content.decode()
    way = "descending" if sort.startswith("-") else "ascending"
    assert html.count("aria-sort=") == 1
    assert f'aria-sort="{way}"' in html


def test_a_page_of_a_sorted_list_begins_where_the_last_one_stopped(desk, monkeypatch):
    monkeypatch.setattr(pages.page, "__kwdefaults__", pages.page.__kwdefaults__ | {"size": 2})
    listed = [
        make_request(RequestStatus.ACCEPTED, at=AT + timedelta(hours=hours)) for hours in range(5)
    ]
    resubmit(listed[0], at=AT + timedelta(days=1))
    query, found = "sort=handed_in", []
    while query:
        response = desk.get(f"{LIST}?{query}")
        found += [row.card_request for row in response.context["rows"]]
        query = response.context["following"]
    assert found == listed


def test_a_tab_keeps_the_other_conditions(desk):
    tabs = desk.get(LIST, {"held": "free", "whose": "self"}).context["tabs"]
    assert ("没有人领办", "held=free&whose=self", True) in tabs
    assert ("待审核", "whose=self", False) in tabs
    assert ("全部", "stage=all&whose=self", False) in tabs


def test_overdue_and_due_today_meet_at_the_promise(settings):
    settings.REVIEW_WORKING_DAYS = 3
    at = timezone.make_aware(timezone.datetime(2026, 11, 27, 10))  # a Friday
    monday, tuesday, wednesday = (
        make_request(RequestStatus.ACCEPTED, at=at - timedelta(days=days)) for days in (4, 3, 2)
    )
    assert narrowed("age=overdue", at=at) == {monday}
    assert narrowed("age=due_today", at=at) == {tuesday}
    assert wednesday not in narrowed("age=due_today", at=at)
