"""Two windows, two people: nothing is confirmed or overwritten that the page did not show."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.application import services
from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.delivery.models import Shipment
from apps.requests.models import Particulars
from apps.verification import faces
from tests.application.checks import verify
from tests.application.children import as_client
from tests.application.pictures import upload
from tests.factories.cards import ask, make_card, make_draft, make_request
from tests.factories.checks import pass_check
from tests.factories.payments import make_payable
from tests.factories.people import make_guardianship, make_holder, make_ward
from tests.factories.regions import make_bank, make_city
from tests.shown import Window

pytestmark = pytest.mark.django_db

OLD, NEW, THIRD = (
    "山东省济南市历下区旧路一号院",
    "山东省济南市历下区新路二号院",
    "山东省济南市三里庄三号",
)


def url(name, card_request):
    return reverse(f"application:{name}", args=[card_request.reference])


def saved(card_request):
    return Particulars.objects.get(card_request=card_request)


def text(response):
    return response.content.decode()


def test_what_is_submitted_is_what_was_confirmed(client, draft):
    """核对信息 is open in one window; another address and another picture are saved meanwhile."""
    check = Window(client, url("confirm", draft))
    before = saved(draft).address
    Window(client, url("form", draft)).send("particulars", address=NEW)
    Particulars.objects.filter(card_request=draft).update(portrait="portraits/another.jpg")
    again = check.send("confirm")
    assert CardRequest.objects.get().status == RequestStatus.DRAFT
    page = text(again)
    for words in ("所以还没有提交", before, NEW, "在另一个窗口保存了新的内容"):
        assert words in page
    assert page.count("这一页原来是：") == 2  # the address and the picture
    check = Window(client, url("confirm", draft))
    assert check.send("confirm").url == url("shipping", draft)
    assert client.post(url("confirm", draft)).status_code == 302  # a second click: the first answer


def test_a_page_that_says_not_what_it_showed_submits_nothing(client, draft):
    page = text(client.post(url("confirm", draft)))
    assert "请先核对这一页的内容" in page
    other = make_draft()
    verify(other)
    stolen = Window(as_client(other.holder), url("confirm", other)).data("confirm")
    client.post(url("confirm", draft), stolen)
    assert set(CardRequest.objects.values_list("status", flat=True)) == {RequestStatus.DRAFT}


def test_a_window_does_not_write_its_stale_fields_over_newer_ones(client, draft):
    one, two = (Window(client, url("form", draft)) for _ in range(2))
    autosave = url("autosave", draft)
    assert one.send("particulars", to=autosave, address=NEW).json()["clashes"] == ""
    answer = two.send("particulars", to=autosave, phone="13912345678").json()
    assert (saved(draft).address, saved(draft).phone) == (NEW, "13912345678")
    assert answer["values"] == {"address": NEW}  # the other window's, for the untouched input
    # Each goes on from what it was answered: nobody is asked about what is one's own.
    two_now = {"shown": answer["shown"], "address": NEW}
    answer = two.send("particulars", to=autosave, phone="13912345679", **two_now).json()
    assert (answer["clashes"], saved(draft).phone) == ("", "13912345679")


def test_who_would_overwrite_a_newer_value_is_asked_with_both_shown(client, draft):
    one, two = (Window(client, url("form", draft)) for _ in range(2))
    one.send("particulars", address=NEW)
    page = text(two.send("particulars", address=THIRD, phone="13912345678"))
    assert saved(draft).address == NEW
    assert saved(draft).phone == "13912345678"  # what nobody else has touched is saved
    for words in ("在另一个窗口保存的", NEW, THIRD, f'value="{THIRD}"'):
        assert words in page
    answer = two.send("particulars", to=url("autosave", draft), address=THIRD).json()
    assert THIRD in answer["clashes"]
    asked = {"shown": answer["shown"], "address": THIRD}
    assert two.send("particulars", **asked).status_code == 200  # not answered: asked again
    assert saved(draft).address == NEW
    theirs = two.send(
        "particulars", to=url("autosave", draft), **asked | {"keep-address": "theirs"}
    )
    assert theirs.json()["values"] == {"address": NEW}
    assert two.send("particulars", **asked | {"keep-address": "mine"}).status_code == 302
    assert saved(draft).address == THIRD


def test_a_window_is_not_asked_about_what_it_has_sent_itself(client, draft):
    """The answer to the first autosave is still on its way when the second is sent."""
    window = Window(client, url("form", draft))
    first = window.data("particulars", address=NEW)
    client.post(url("autosave", draft), first)
    second = window.data("particulars", address=THIRD, pending=urlencode(first))
    assert client.post(url("autosave", draft), second).json()["clashes"] == ""
    assert saved(draft).address == THIRD
    assert client.post(url("autosave", draft), first).json()["clashes"] != ""  # came late


@pytest.fixture
def parents():
    """Both parents of a child whose request has an open amendment: (mother, father, request)."""
    mother, father = make_holder(sex="2"), make_holder(sex="1")
    ward = make_ward(mother)
    make_guardianship(father, ward)
    start = timezone.now() - timedelta(hours=1)
    card_request = make_request(RequestStatus.ACCEPTED, holder=ward, by=mother.user, at=start)
    ask(
        card_request,
        at=start + timedelta(minutes=30),
        items=[
            {"field": "phone", "reason": "打不通"},
            {"field": "address", "reason": "不完整"},
        ],
    )
    return as_client(mother), as_client(father), card_request


def test_the_second_parent_is_told_who_was_first_and_keeps_what_was_typed(parents):
    mother, father, card_request = parents
    his, hers = (Window(client, url("amend", card_request)) for client in (father, mother))
    assert hers.send("amend", phone="13912345678", address=NEW).status_code == 302
    answer = his.send("amend", phone="13700000000", address=THIRD)
    assert answer.status_code == 409
    page = text(answer)
    for words in ("*超（监护人）已于 ", "重新受理制卡申请", "13700000000", THIRD, "查看制卡进度"):
        assert words in page
    assert saved(card_request).phone == "13912345678"
    late = his.send("amend", to=url("autosave", card_request), phone="13700000000")
    assert late.status_code == 409
    assert "*超（监护人）已于 " in text(late)


def test_two_parents_who_amend_different_fields_are_merged_or_asked(parents):
    mother, father, card_request = parents
    his, hers = (Window(client, url("amend", card_request)) for client in (father, mother))
    his.send("amend", to=url("autosave", card_request), address=THIRD)
    page = text(hers.send("amend", phone="13912345678"))  # would submit an address never shown
    assert "*超于 " in page
    assert THIRD in page
    assert CardRequest.objects.get().status == RequestStatus.NEEDS_AMENDMENT


def test_an_answer_to_another_amendment_answers_nothing(parents):
    mother, father, card_request = parents
    his = Window(father, url("amend", card_request))
    Window(mother, url("amend", card_request)).send("amend", phone="13912345678", address=NEW)
    card_request.refresh_from_db()
    ask(card_request, at=timezone.now(), items=[{"field": "phone", "reason": "还是打不通"}])
    page = text(his.send("amend", phone="13912345678"))
    assert "请先核对这一页的内容" in page
    assert CardRequest.objects.get().status == RequestStatus.NEEDS_AMENDMENT


MAIL = {"method": "MAIL", "recipient": "王五", "phone": "13912345678", "address": "文化东路88号"}


def test_an_address_of_another_window_is_neither_paid_for_nor_overwritten_unseen(client):
    card_request = make_payable(at=timezone.now() - timedelta(hours=1))
    client.force_login(card_request.applicant)
    pay = Window(client, reverse("payments:pay", args=[card_request.reference]))
    one, two = (Window(client, url("shipping", card_request)) for _ in range(2))
    assert one.send("shipping", recipient="王五", address="新路二号院").status_code == 302
    page = text(pay.send("pay"))
    assert "所以还没有提交" in page
    assert page.count("这一页原来是：") == 2
    assert "新路二号院" not in page  # masked as ever
    asked = two.send("shipping", address="三里庄三号")
    assert asked.status_code == 200
    for words in ("王五", "新路二号院", "三里庄三号"):
        assert words in text(asked)
    assert Shipment.objects.get().address == "新路二号院"


def test_what_was_typed_into_a_form_that_is_over_is_shown_to_copy(client, draft):
    form = Window(client, url("form", draft))
    Window(client, url("confirm", draft)).send("confirm")
    answer = form.send("particulars", address=NEW)
    assert answer.status_code == 409
    assert "您已于 " in text(answer)
    assert NEW in text(answer)
    assert form.send("particulars").status_code == 302  # nothing typed: on to where it goes on


def test_who_confirms_what_somebody_else_submitted_otherwise_is_told(client):
    mother, father = make_holder(sex="2"), make_holder(sex="1")
    ward = make_ward(mother)
    make_guardianship(father, ward)
    draft = make_draft(holder=ward, by=mother.user, at=timezone.now() - timedelta(hours=1))
    verify(draft)
    check = {"purpose": "APPLY", "card_request": draft, "at": timezone.now()}
    pass_check(holder=ward, by=father.user, **check)
    as_client(father).get(url("form", draft))
    his = Window(as_client(father), url("confirm", draft))
    hers = as_client(mother)
    Window(hers, url("form", draft)).send("particulars", address=NEW)
    Window(hers, url("confirm", draft)).send("confirm")
    page = text(his.send("confirm"))
    assert "*超（监护人）已于 " in page
    assert "申请提交成功" in page
    assert NEW in page


def test_a_city_chosen_in_another_window_is_not_overwritten_unseen(client):
    draft = make_draft()
    user = draft.holder.user
    services.agree(ip="10.0.0.1", by=user, at=timezone.now())
    client.force_login(user)
    make_city("370300", "淄博市", banks=[make_bank("95588", "中国工商银行")])
    here, who = draft.city_id, {"name": draft.holder.name, "id_number": draft.holder.id_number}
    one, two = (Window(client, reverse("application:precheck")) for _ in range(2))
    assert one.send("precheck", city="370300", bank="95588", **who).status_code == 302
    asked = two.send("precheck", city=here, bank=draft.bank_id, **who)
    assert CardRequest.objects.get().city_id == "370300"
    for words in ("这一页原来是：", "淄博市", "在另一个窗口保存了新的内容"):
        assert words in text(asked)
    again = Window(client, reverse("application:precheck"))
    assert again.send("precheck", city=here, bank=draft.bank_id, **who).status_code == 302
    assert CardRequest.objects.get().city_id == here


def test_the_second_parent_who_declares_a_loss_is_told():
    parents = make_holder(sex="2"), make_holder(sex="1")
    ward = make_ward(parents[0])
    make_guardianship(parents[1], ward)
    card = make_card(CardStatus.ACTIVE, holder=ward, by=parents[0].user)
    mother, father = map(as_client, parents)
    declare = reverse("replacement:declare", args=[card.reference])
    typed = {"lost_date": day_of(timezone.now()), "place": "菜市场", "is_sworn": True}
    his = Window(father, declare)
    hers = Window(mother, declare)
    form = his.page.nodes("form")
    name = next(node.get("id") for node in form if node.get("action") == declare)
    assert hers.send(name, **typed).status_code == 302
    assert hers.send(name, **typed).status_code == 302  # a second click
    page = text(his.send(name, **typed | {"place": "公交车上"}))
    for words in ("*超（监护人）已于 ", "公交车上", "没有提交的内容"):
        assert words in page


def test_the_crop_of_another_picture_is_shown_again(client, draft, monkeypatch):
    """The numbers were moved over one picture; another window has uploaded a second one."""
    monkeypatch.setattr(faces, "is_available", lambda: False)
    page, before = url("portrait", draft), saved(draft).portrait.name
    client.post(page, {"picture": upload()})
    crop = Window(client, page)
    client.post(page, {"picture": upload(size=(900, 1200))})
    answer = text(crop.send("crop", to=url("portrait_crop", draft)))
    assert "要裁剪的照片" in answer
    assert "在另一个窗口" in answer
    assert saved(draft).portrait.name == before
    again = Window(client, page)
    assert again.send("crop", to=url("portrait_crop", draft)).status_code == 302
    assert saved(draft).portrait.name != before


def test_a_draft_that_was_filled_in_meanwhile_is_not_given_up_unseen(client, draft):
    window = Window(client, url("discard", draft))
    Window(client, url("form", draft)).send("particulars", address=NEW)
    answer = window.send("discard")
    assert "最后一次保存" in text(answer)
    assert CardRequest.objects.get(pk=draft.pk).is_draft
    assert saved(draft).address == NEW
    Window(client, url("discard", draft)).send("discard")
    assert CardRequest.objects.get(pk=draft.pk).is_discarded
