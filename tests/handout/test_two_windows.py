"""Two people at one card, box or day: the second one reads who was first, and loses nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.desk import roles
from apps.handout import codes, counting, departments, handing, packing
from apps.handout.enums import BoxCardStatus, BoxStatus, HandedWay
from apps.handout.models import BoxCard, Department
from apps.people.enums import Sex
from tests.factories.boxes import ARRIVED, make_box, make_day, make_sent_to_unit, make_waiting
from tests.factories.cards import dispatch, make_request
from tests.factories.payments import UNIT, go_on_addressed
from tests.factories.people import make_colleague, make_guardianship, make_holder, make_ward
from tests.journeys import forms
from tests.journeys.tree import parse

pytestmark = pytest.mark.django_db


def at_the_desk(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def first(handler):
    return at_the_desk(handler)


@pytest.fixture
def second():
    return at_the_desk(make_holder(name="周后来", user=make_colleague(roles.HANDER)).user)


@pytest.fixture
def row(handler):
    return make_waiting(handler, at=timezone.now())


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def filled(client, address, action, **typed):
    """What the form of the page `address` that is posted to `action` sends, with `typed`."""
    page = parse(text(client.get(address)), is_scripted=False)
    form = next(f for f in page.nodes("form") if (f.get("action") or address) == action)
    return forms.data(page, form) | typed


def status(row):
    return BoxCard.objects.get(pk=row.pk).status


def test_a_card_that_was_just_handed_out_says_by_whom(first, second, row, handler):
    address = reverse("admin:handout_boxcard_letter", args=[row.reference])
    first.post(address, {"letter-proxy_name": "王芳"})
    answer = text(second.post(address, {"letter-proxy_name": "李四"}))
    assert f"工号 {handler.employee_number}已于" in answer
    assert "「交卡」" in answer
    assert "没有提交的内容" in answer
    assert "李四" in answer


def test_a_card_goes_to_no_proxy_whose_authority_has_been_withdrawn(first, row):
    proxy, owner = make_holder(), row.holder.user
    number, at = proxy.user.employee_number, timezone.now()
    handing.authorise(box_card=row, employee_number=number, by=owner, at=at)
    page = reverse("admin:handout_boxcard_change", args=[row.reference]) + "?proxy=1"
    give = reverse("admin:handout_boxcard_hand_out", args=[row.reference])
    shown = filled(first, page, give)
    handing.withdraw(box_card=row, proxy=proxy, by=owner, at=at)
    assert "委托已经取消" in text(first.post(give, shown, follow=True))
    other = make_holder()
    number = other.user.employee_number
    handing.authorise(box_card=row, employee_number=number, by=owner, at=at)
    assert "委托的人已经换了" in text(first.post(give, shown, follow=True))
    assert status(row) == BoxCardStatus.IN_BOX
    first.post(give, filled(first, page, give))
    assert BoxCard.objects.get(pk=row.pk).handed_way == HandedWay.PROXY


def test_two_parents_name_two_proxies(handler):
    father, mother = make_holder(), make_holder(sex=Sex.FEMALE)
    child = make_ward(father)
    make_guardianship(mother, child)
    sent = make_sent_to_unit(holder=child, by=father.user)
    make_box(handler, sent, counted=[sent], at=timezone.now())
    row = BoxCard.objects.get()
    page = reverse("handout:code", args=[row.reference])
    name, withdraw = (
        reverse(f"handout:{verb}", args=[row.reference]) for verb in ("authorise", "withdraw")
    )
    one, other = make_holder().user.employee_number, make_holder().user.employee_number
    his, hers = at_the_desk(father.user), at_the_desk(mother.user)
    his.post(name, {"proxy-employee_number": one})
    shown = filled(his, page, withdraw)
    answer = text(hers.post(name, {"proxy-employee_number": other}))
    assert "已经委托了另一位同事" in answer
    assert "「委托同事代领」" in answer
    assert other in answer
    assert BoxCard.objects.get().proxy.employee_number == one
    hers.post(withdraw, filled(hers, page, withdraw))
    hers.post(name, {"proxy-employee_number": other})
    assert "委托的人已经换了" in text(his.post(withdraw, shown, follow=True))
    assert BoxCard.objects.get().proxy.employee_number == other


def test_a_proxy_is_not_offered_once_the_card_is_due_to_go_back(client, row):
    client.force_login(row.holder.user)
    page = reverse("handout:code", args=[row.reference])
    assert "委托这位同事" in text(client.get(page))
    ended = timezone.now() - timedelta(hours=1)
    BoxCard.objects.update(kept_until=ended)
    shown = text(client.get(page))
    assert "委托这位同事" not in shown
    assert "退回制卡中心以前仍可以领" in shown


def test_a_day_that_a_colleague_has_changed_keeps_what_was_typed(first, second, handler):
    day = make_day(handler, at=timezone.now())
    page = reverse("admin:handout_handoutday_change", args=[day.reference])
    typed = filled(second, page, page, **{"day-place": "体育馆"})
    first.post(page, filled(first, page, page, **{"day-place": "图书馆"}))
    answer = text(second.post(page, typed))
    for words in ("体育馆", "图书馆", handler.employee_number):
        assert words in answer
    day.refresh_from_db()
    assert day.place == "图书馆"
    again = parse(answer, is_scripted=False)
    form = next(f for f in again.nodes("form") if not f.get("action"))
    second.post(page, forms.data(again, form))
    day.refresh_from_db()
    assert day.place == "体育馆"


def test_a_contact_that_a_colleague_has_named_is_not_overwritten(first, second, handler):
    one, other = (make_holder(department="化学学院").user.employee_number for _ in range(2))
    departments.follow_roster(at=timezone.now())
    department = Department.objects.get(name="化学学院")
    index = reverse("admin:handout_department_changelist")
    save = reverse("admin:handout_department_contact", args=[department.reference])
    field = f"d{department.reference}-employee_number"
    typed = filled(second, index, save, **{field: other})
    first.post(save, filled(first, index, save, **{field: one}))
    answer = text(second.post(save, typed))
    for words in (one, other, handler.employee_number):
        assert words in answer
    department.refresh_from_db()
    assert department.contact.employee_number == one


def test_as_many_go_back_as_the_page_said(first, handler):
    card_request = make_sent_to_unit()
    box = make_box(handler, card_request, at=timezone.now())
    counting.count(box=box, text="ZZ9999999", by=handler, at=timezone.now())
    page = reverse("admin:handout_box_change", args=[box.reference])
    back = reverse("admin:handout_box_give_back", args=[box.reference])
    shown = filled(first, page, back)
    counting.count(box=box, text="ZZ8888888", by=handler, at=timezone.now())
    assert "现在是 2 张，和您看到的不一样" in text(first.post(back, shown, follow=True))
    assert "已登记退回 2 张" in text(first.post(back, filled(first, page, back), follow=True))


def test_of_many_on_paper_the_one_that_stays_is_named(handler):
    own = make_holder(name="郑自己", user=handler)
    now = timezone.now()
    rows = [make_waiting(handler, at=now), make_waiting(handler, at=now, holder=own)]
    desk = at_the_desk(handler)
    data = {"paper-signed": [r.reference for r in rows], "paper-time": "00:00"}
    data["paper-date"] = day_of(now).isoformat()
    answer = text(desk.post(reverse("admin:handout_boxcard_paper"), data))
    assert "已补录 1 张" in answer
    assert "没有补录：这是您本人或您家人的卡" in answer
    assert [status(r) for r in rows] == [BoxCardStatus.HANDED_OUT, BoxCardStatus.IN_BOX]


def test_nothing_was_signed_before_the_card_was_sent(handler):
    row = BoxCard.objects.select_related(*handing.RELATED).get(pk=make_waiting(handler).pk)
    paper = {"box_card": row, "way": HandedWay.PAPER, "by": handler, "at": ARRIVED}
    with pytest.raises(Refused) as refusal:
        handing.hand_out(**paper, handed_at=ARRIVED - timedelta(days=300))
    assert refusal.value.code == "too_early"


def test_a_card_that_is_reported_after_its_box_was_counted_is_looked_for(handler):
    early = make_sent_to_unit()
    box = make_box(handler, early, counted=[early])
    counting.check(box=box, by=handler, at=ARRIVED)
    late = go_on_addressed(make_request("SUBMITTED"), "PRODUCED", **UNIT)
    dispatch(late, at=ARRIVED)
    packing.pack_sent(at=ARRIVED, limit=10)
    box.refresh_from_db()
    assert (box.status, BoxCard.objects.get(card_request=late).box) == (BoxStatus.OPEN, box)


@pytest.mark.parametrize("typed", ["王　小明", "王小⽂", "ＷＡＮＧ ＸＩＡＯ"])
def test_a_name_is_found_in_every_usual_spelling(first, filed_portrait, handler, typed):
    stored = {"王　小明": "王小明", "王小⽂": "王小文"}.get(typed, "WANG XIAO")
    make_waiting(handler, at=timezone.now(), holder=make_holder(name=stored))
    answer = text(first.post(reverse("admin:handout_boxcard_scan"), {"text": typed}, follow=True))
    assert "看过照片，是本人，交卡" in answer


@pytest.mark.parametrize("typed", ["张3", "１", "王(芳)", "·王"])
def test_a_proxy_with_no_name_is_refused_beside_the_field(first, row, typed):
    address = reverse("admin:handout_boxcard_letter", args=[row.reference])
    answer = first.post(address, {"letter-proxy_name": typed})
    assert answer.context["letter"].errors["proxy_name"]
    assert status(row) == BoxCardStatus.IN_BOX


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "２０９９-12-31", "2026-13-45"])
def test_a_day_of_another_century_is_refused_beside_the_field(first, typed):
    data = {"day-date": typed, "day-begins": "09:00", "day-ends": "11:00", "day-place": "一楼"}
    answer = first.post(reverse("admin:handout_handoutday_arrange"), data)
    refused = str(answer.context["form"].errors["date"])
    # Read, and too far ahead.
    assert ("最远可以安排到" in refused) == typed.startswith("２")


def test_a_code_that_is_scanned_again_names_whose_card_it_was_and_how_it_went(first, second, row):
    typed = {"text": codes.draw(row, row.holder, at=timezone.now())}
    scan = reverse("admin:handout_boxcard_scan")
    first.post(scan, typed)
    answer = second.post(scan, typed)
    assert list(answer.context["elsewhere"]) == [row]
    (refused,) = answer.context["form"].errors["text"]
    assert refused.startswith(f"{row.holder.name}的卡列在「不在待领里的」。")
    assert "已于" in refused
    assert typed["text"] not in text(answer)  # the next scan would be written beside it
    assert HandedWay.CODE.label in text(answer)
