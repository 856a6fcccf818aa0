"""Two of one name are told apart, on paper too. A card that is not at the table is looked up."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.common.moments import day_of
from apps.handout.enums import BoxCardStatus, HandedWay
from apps.handout.models import BoxCard
from apps.handout.packing import pack_sent
from tests.factories.boxes import make_sent_to_unit, make_waiting
from tests.factories.people import make_holder, make_ward

pytestmark = pytest.mark.django_db
SCAN = reverse("admin:handout_boxcard_scan")


@pytest.fixture
def row(handler):
    chemist = make_holder(name="韩丑", department="化学学院")
    return make_waiting(handler, at=timezone.now(), holder=chemist)


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def status(row):
    return BoxCard.objects.get(pk=row.pk).status


def test_paper_is_typed_in_for_those_who_signed(desk, handler, row):
    other = make_waiting(handler, at=timezone.now())
    url = reverse("admin:handout_boxcard_paper")
    local = timezone.localtime()
    data = {"paper-signed": [row.reference], "paper-date": day_of(local), "paper-time": "00:00"}
    assert "请勾选签过字的人" in desk.post(url, {"paper-date": "x"}).content.decode()
    desk.post(url, data)
    assert (status(row), status(other)) == (BoxCardStatus.HANDED_OUT, BoxCardStatus.IN_BOX)


def test_the_list_to_sign_has_a_line_for_everybody_who_waits(desk, row):
    shown = page(desk, reverse("admin:handout_boxcard_sign_list"))
    assert "韩丑" in shown
    assert "本人签名" in shown


def test_who_signed_for_somebody_on_paper_is_named(desk, row):
    url = reverse("admin:handout_boxcard_paper")
    day = day_of(timezone.localtime())
    data = {"paper-signed": [row.reference], "paper-date": day, "paper-time": "00:00"}
    assert status(row) == BoxCardStatus.IN_BOX
    desk.post(url, data | {"paper-proxy_name": "李 大军"})
    row.refresh_from_db()
    assert (row.handed_way, row.proxy_name) == (HandedWay.PAPER_PROXY, "李大军")
    shown = page(desk, reverse("admin:handout_boxcard_change", args=[row.reference]))
    assert "交给 李大军" in shown


@pytest.mark.parametrize("name", ["boxcard_sign_list", "boxcard_paper", "boxcard_changelist"])
def test_people_of_one_name_are_told_apart_by_their_numbers(desk, handler, name):
    namesake = make_waiting(handler, at=timezone.now(), holder=make_holder(name="韩丑"))
    guardian = make_holder()
    child = make_waiting(handler, guardian=guardian, holder=make_ward(guardian))
    shown = page(desk, reverse(f"admin:handout_{name}"))
    for row in (namesake, child):
        assert row.card_request.applicant.employee_number in shown
        assert row.card.card_number[-4:] in shown


def test_whose_card_is_not_there_reads_where_it_is(desk, row):
    namesake = make_sent_to_unit(holder=make_holder(name="韩丑寅"))
    pack_sent(at=timezone.now(), limit=10)
    answer = desk.post(SCAN, {"text": namesake.holder.name})
    assert "列在「不在待领里的」" in answer.content.decode()
    assert "应到" in answer.content.decode()
    (expected,) = answer.context["elsewhere"]
    person = page(desk, reverse("admin:handout_boxcard_change", args=[expected.reference]))
    assert reverse("admin:handout_box_change", args=[expected.box.reference]) in person
    give = reverse("admin:handout_boxcard_hand_out", args=[row.reference])
    desk.post(give)
    answer = desk.post(SCAN, {"text": row.holder.user.employee_number})
    (found,) = answer.context["elsewhere"]
    assert found == row
    person = page(desk, reverse("admin:handout_boxcard_change", args=[row.reference]))
    assert "不能交。怎样交的：本人，核对照片" in person
