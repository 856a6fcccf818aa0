"""The pages about cards at the unit: of the holder, the proxy, the contact person, the table."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.common.moments import day_of
from apps.events.models import Event
from apps.handout import codes, counting, departments, handing
from apps.handout.arranging import invite_due
from apps.handout.enums import BoxCardStatus, HandedWay
from apps.handout.event_kinds import DEPARTMENT
from apps.handout.lists import people_of
from apps.handout.models import BoxCard, Department
from apps.handout.packing import pack_sent
from apps.people.models import years_before
from apps.requests.models import Particulars
from tests.dates import in_words
from tests.factories.boxes import make_box, make_day, make_sent_to_unit, make_waiting
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.payments import UNIT, go_on_addressed
from tests.factories.people import make_holder, make_ward, set_birth_date

pytestmark = pytest.mark.django_db
TABLE = reverse("admin:handout_boxcard_changelist")
SCAN = reverse("admin:handout_boxcard_scan")


@pytest.fixture
def chemist():
    return make_holder(name="韩丑", department="化学学院")


@pytest.fixture
def row(handler, chemist):
    return make_waiting(handler, at=timezone.now(), holder=chemist)


def page(client, url, **data):
    response = client.get(url, data)
    assert response.status_code == 200
    return response.content.decode()


def status(row):
    return BoxCard.objects.get(pk=row.pk).status


def test_the_holder_shows_a_code_and_strangers_do_not(client, row, chemist):
    url = reverse("handout:code", args=[row.reference])
    client.force_login(chemist.user)
    assert "<svg" in page(client, url)
    client.force_login(make_holder().user)
    assert client.get(url).status_code == 404


def test_the_code_is_drawn_anew_every_minute_with_and_without_a_script(client, row):
    client.force_login(row.holder.user)
    shown = page(client, reverse("handout:code", args=[row.reference]))
    assert 'hx-trigger="every 60s, seen"' in shown
    assert '<meta http-equiv="refresh" content="60">' in shown


def test_the_progress_page_leads_to_the_code_with_day_and_place(client, handler, row, chemist):
    make_day(handler, at=timezone.now())
    invite_due(at=timezone.now(), deadline=Deadline(5))
    client.force_login(chemist.user)
    shown = page(client, row.card_request.get_absolute_url())
    assert "化学楼 301" in shown
    assert reverse("handout:code", args=[row.reference]) in shown
    assert "单位已收到卡" in shown


def test_the_departments_to_choose_from_are_named(desk, row):
    form = page(desk, reverse("admin:handout_handoutday_arrange"))
    assert f'<option value="{row.department.reference}">化学学院</option>' in form


@pytest.mark.parametrize("has_day", [False, True])
def test_a_card_at_the_unit_is_on_its_way_no_more(client, handler, chemist, has_day):
    make_request("REJECTED", holder=chemist)  # with two there is a list
    row = make_waiting(handler, at=timezone.now(), holder=chemist)
    if has_day:
        make_day(handler, at=timezone.now())
        invite_due(at=timezone.now(), deadline=Deadline(5))
    client.force_login(chemist.user)
    progress = row.card_request.get_absolute_url()
    for address in (progress, reverse("progress:list"), reverse("home:home")):
        shown = in_words(page(client, address))
        for words in ("送到单位", "送往单位", "前送达", "送达第"):
            assert words not in shown, (address, words)
    if not has_day:
        assert "卡在单位" in page(client, progress)


def test_a_card_that_is_looked_for_is_not_promised_for_a_day(client, handler, chemist):
    found, lost = make_sent_to_unit(), make_sent_to_unit(holder=chemist)
    box = make_box(handler, found, lost, counted=[found], at=timezone.now())
    client.force_login(chemist.user)
    assert "送往单位" in page(client, lost.get_absolute_url())
    counting.check(box=box, by=handler, at=timezone.now())
    shown = page(client, lost.get_absolute_url())
    assert "正在查找这张卡" in shown
    assert "送到单位" not in shown


def test_a_proxy_is_named_on_the_page_and_finds_the_code(client, row, chemist):
    proxy = make_holder()
    client.force_login(chemist.user)
    url = reverse("handout:authorise", args=[row.reference])
    wrong = client.post(url, {"proxy-employee_number": "NOBODY"})
    assert "没有工号是 NOBODY" in wrong.content.decode()
    client.post(url, {"proxy-employee_number": proxy.user.employee_number})
    client.force_login(proxy.user)
    assert "代领码" in page(client, reverse("handout:index"))
    assert "委托这位同事" not in page(client, reverse("handout:code", args=[row.reference]))


def test_a_scan_hands_the_card_out_and_offers_to_take_it_back(desk, row, chemist):
    text = codes.draw(row, chemist, at=timezone.now())
    shown = desk.post(SCAN, {"text": text}, follow=True).content.decode()
    assert "已交本人" in shown
    assert "交错了，收回" in shown
    assert status(row) == BoxCardStatus.HANDED_OUT
    desk.post(reverse("admin:handout_boxcard_take_back", args=[row.reference]))
    assert status(row) == BoxCardStatus.IN_BOX


def test_the_code_on_the_screen_gives_way_to_the_progress_once_the_card_is_handed_out(
    client, handler, row, chemist
):
    at, url = timezone.now(), reverse("handout:code", args=[row.reference])
    handing.hand_out(box_card=row, way=HandedWay.NUMBER, by=handler, at=at)
    client.force_login(chemist.user)
    answer = client.get(url, headers={"HX-Request": "true"})
    assert (answer.headers["HX-Refresh"], answer.content) == ("true", b"")
    assert client.get(url).url == row.card_request.get_absolute_url()


def test_the_code_of_a_proxy_gives_way_to_the_list_once_it_counts_no_more(client, row, chemist):
    at, proxy = timezone.now(), make_holder(name="褚辛")
    number = proxy.user.employee_number
    handing.authorise(box_card=row, employee_number=number, by=chemist.user, at=at)
    client.force_login(proxy.user)
    url, asked = reverse("handout:code", args=[row.reference]), {"HX-Request": "true"}
    assert "代领码" in client.get(url, headers=asked).content.decode()
    handing.withdraw(box_card=row, proxy=proxy, by=chemist.user, at=at)
    assert client.get(url, headers=asked).headers["HX-Redirect"] == reverse("handout:index")
    assert client.get(url).status_code == 404


def test_where_there_is_no_photo_the_document_is_looked_at(desk, row):
    Particulars.objects.update(portrait="")
    shown = page(desk, reverse("admin:handout_boxcard_change", args=[row.reference]))
    assert "没有这个人的照片，请看带照片的证件核对。" in shown
    assert "看过证件，是本人，交卡" in shown
    assert "<img" not in shown.split("handout-person", 1)[1]


def test_the_list_says_where_there_is_no_photo(desk, row):
    Particulars.objects.update(portrait="")
    shown = page(desk, reverse("admin:handout_boxcard_changelist"))
    assert "没有照片" in shown
    assert reverse("admin:handout_boxcard_photo", args=[row.reference]) not in shown


def test_a_number_leads_to_the_photo_and_a_look_hands_it_out(desk, filed_portrait, row, chemist):
    answer = desk.post(SCAN, {"text": chemist.user.employee_number}, follow=True)
    assert "看过照片，是本人，交卡" in answer.content.decode()
    desk.post(reverse("admin:handout_boxcard_hand_out", args=[row.reference]))
    assert status(row) == BoxCardStatus.HANDED_OUT


def test_a_proxy_code_asks_for_the_work_card(desk, row, chemist):
    proxy = make_holder(name="褚辛")
    number = proxy.user.employee_number
    at = timezone.now()
    handing.authorise(box_card=row, employee_number=number, by=chemist.user, at=at)
    text = codes.draw(row, proxy, at=at)
    shown = desk.post(SCAN, {"text": text}, follow=True).content.decode()
    assert "看过工作证，交给代领人" in shown
    assert status(row) == BoxCardStatus.IN_BOX
    url = reverse("admin:handout_boxcard_hand_out", args=[row.reference])
    assert "已交代领人" in desk.post(url, {"proxy": proxy.reference}, follow=True).content.decode()


def test_the_table_says_who_fetches_a_card_of_somebody_without_an_account(desk, handler):
    guardian = make_holder()
    ward = make_ward(guardian)
    row = make_waiting(handler, guardian=guardian, holder=ward)
    url = reverse("admin:handout_boxcard_change", args=[row.reference])
    assert "儿童，由监护人领" in desk.get(url).content.decode()
    set_birth_date(ward, years_before(day_of(timezone.now()), 16))
    page = desk.get(url).content.decode()
    assert "没有工号，由本人领" in page
    assert "儿童" not in page


@pytest.mark.parametrize("text", ["LK-不是码", "没有这个人", "  "])
def test_what_leads_to_nobody_is_said_beside_the_field(desk, row, text):
    answer = desk.post(SCAN, {"text": text})
    assert answer.status_code == 200
    assert answer.context["form"].errors["text"]


def test_the_contact_takes_a_list_along_of_those_who_are_not_done(client, handler):
    contact = make_holder(department="化学学院")
    draft = make_draft(holder=make_holder(name="钱起草", department="化学学院"))
    make_card(holder=make_holder(name="孙办完", department="化学学院"))
    departments.follow_roster(at=timezone.now())
    department = Department.objects.get(name="化学学院")
    departments.name_contact(
        department=department,
        employee_number=contact.user.employee_number,
        by=handler,
        at=timezone.now(),
    )
    client.force_login(contact.user)
    for name in ("department", "department_progress"):
        shown = page(client, reverse(f"handout:{name}", args=[department.reference]))
        assert "钱起草" in shown
        assert "填写中" in shown
        assert "填完并提交" in shown
        assert "孙办完" not in shown
        assert draft.holder.phone not in shown
    found = people_of(department, at=timezone.now())
    assert sum(number for _, number in found.steps) == len(found.under_way) == 2
    assert found.done == 1
    actions = Event.objects.of_kind(DEPARTMENT).values_list("action", flat=True)
    assert {"LOOK", "PRINT_PROGRESS"} <= set(actions)


def test_the_contact_sees_states_of_the_own_people_and_no_documents(client, handler, row, chemist):
    contact = make_holder(department="化学学院")
    department = Department.objects.get(name="化学学院")
    number = contact.user.employee_number
    departments.name_contact(
        department=department, employee_number=number, by=handler, at=timezone.now()
    )
    stranger = make_sent_to_unit(holder=make_holder(name="赵外人", department="数学学院"))
    client.force_login(contact.user)
    url = reverse("handout:department", args=[department.reference])
    shown = page(client, url)
    assert "韩丑" in shown
    assert "在单位待领" in shown
    for secret in (stranger.holder.name, chemist.id_number, chemist.phone):
        assert secret not in shown
    for name in ("department_list", "department_progress"):
        assert "韩丑" in page(client, reverse(f"handout:{name}", args=[department.reference]))
    client.force_login(chemist.user)
    assert client.get(url).status_code == 404


def test_a_box_is_counted_on_its_page(desk, handler):
    card_request = make_sent_to_unit()
    pack_sent(at=timezone.now(), limit=10)
    box = BoxCard.objects.get().box
    desk.post(reverse("admin:handout_box_receive", args=[box.reference]))
    count = reverse("admin:handout_box_count", args=[box.reference])
    assert "社保卡号是 9 位" in desk.post(count, {"number": "1"}).content.decode()
    shown = desk.post(count, {"number": card_request.card.card_number}).content.decode()
    assert "点到了" in shown
    assert "单上没有这张" in desk.post(count, {"number": "ZZ9999999"}).content.decode()
    check = reverse("admin:handout_box_check", args=[box.reference])
    assert "一张不缺" in desk.post(check, follow=True).content.decode()


def test_a_day_is_arranged_changed_and_called_off(desk):
    add = reverse("admin:handout_handoutday_arrange")
    soon = (day_of(timezone.now()) + timedelta(days=9)).isoformat()
    form = {"day-date": soon, "day-begins": "09:00", "day-ends": "11:30"}
    assert "请写明地点" in desk.post(add, form).content.decode()
    late = desk.post(add, form | {"day-ends": "08:00", "day-place": "化学楼 301"})
    assert "结束时间要晚于开始时间" in late.content.decode()
    shown = desk.post(add, form | {"day-place": "化学楼 301"}, follow=True).content.decode()
    assert "化学楼 301" in shown


def test_the_table_asks_as_much_for_one_as_for_many(desk, handler, django_assert_max_num_queries):
    for _ in range(3):
        make_waiting(handler, at=timezone.now())
    with django_assert_max_num_queries(25):
        page(desk, TABLE)


def test_the_receipt_says_that_the_card_comes_to_the_unit(client):
    card_request = go_on_addressed(make_request("SUBMITTED"), "ACCEPTED", **UNIT)
    client.force_login(card_request.applicant)
    html = page(client, reverse("application:submitted", args=[card_request.reference]))
    assert "送到单位，通知您来领" in html
    assert "前送到单位" in html
    assert "您来启用" not in html
