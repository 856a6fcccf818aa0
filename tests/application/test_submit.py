"""核对信息 and handing the request in, once."""

from datetime import date

import pytest
from django.urls import reverse

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.regions.models import CityBank, ServiceOpening
from apps.requests.models import Particulars
from tests.application.test_particulars_form import TYPED
from tests.dates import in_words
from tests.factories.cards import make_draft, make_request
from tests.factories.people import PASSWORD, make_holder
from tests.shown import send

pytestmark = pytest.mark.django_db


def url(name, card_request):
    return reverse(f"application:{name}", args=[card_request.reference])


def test_the_check_page_shows_every_value_with_ways_to_change_it(client, draft):
    page = in_words(client.get(url("confirm", draft)).content.decode())
    particulars = draft.particulars
    for value in (
        particulars.name,
        "居民身份证",
        "汉族",
        "2020年1月1日 至 2040年1月1日",
        particulars.phone,
        particulars.address,
        "专业、技术人员",
        draft.city.full_name,
        draft.bank.name,
    ):
        assert value in page, value
    assert particulars.id_number not in page
    for name in ("form", "portrait"):
        assert f'href="{url(name, draft)}"' in page
    assert "我已确认以上信息，并提交" in page


def test_submitting_leads_to_where_the_card_goes_and_what_is_paid(client, draft):
    response = send(client, url("confirm", draft))
    assert response.url == url("shipping", draft)
    page = client.get(response.url).content.decode()
    assert "申领提交成功" in page
    assert "领卡和缴费" in page
    assert client.get(url("submitted", draft)).url == response.url


def test_submitting_twice_gets_the_first_answer_again(client, draft):
    first = send(client, url("confirm", draft))
    again = send(client, url("confirm", draft))
    assert first.url == again.url
    assert draft.events.filter(action=RequestAction.SUBMIT).count() == 1
    assert CardRequest.objects.count() == 1


def test_going_back_after_submitting_gets_the_first_answer_again(client, draft):
    send(client, url("confirm", draft))
    assert client.get(url("confirm", draft)).url == url("shipping", draft)
    assert send(client, url("form", draft), {}).url == url("shipping", draft)


def test_submitting_again_after_the_payment_leads_to_the_progress(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(card_request.holder.user)
    assert send(client, url("confirm", card_request)).url == card_request.get_absolute_url()


def test_the_receipt_says_what_was_done_and_who_acts_next_by_when(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(card_request.holder.user)
    page = client.get(url("submitted", card_request)).content.decode()
    told = ("已受理", "人事处审核", "制卡中心制作", "每一步都会发消息")
    for words in (card_request.reference, *told):
        assert words in page


def test_an_incomplete_draft_goes_back_to_the_form_with_its_errors(client, draft):
    Particulars.objects.filter(card_request=draft).update(phone="", portrait="")
    response = send(client, url("confirm", draft), follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1][0].startswith(url("form", draft))
    assert "请填写手机号。" in page
    assert "请上传电子照片" in page
    assert CardRequest.objects.get().status == RequestStatus.DRAFT


def test_wrong_text_from_another_tab_keeps_the_request_from_being_submitted(client, draft):
    send(client, url("autosave", draft), {"phone": "138"}, page=url("form", draft))
    send(client, url("confirm", draft))
    assert CardRequest.objects.get().status == RequestStatus.DRAFT


def test_what_changed_since_the_precheck_is_judged_at_the_end(client, draft):
    ServiceOpening.objects.update(open_until=date(2025, 1, 1))
    page = send(client, url("confirm", draft)).content.decode()
    assert "济南市已停办网上申领（最后一天是2025年1月1日（周三））" in page
    assert "没有开通" not in page
    assert CardRequest.objects.get().status == RequestStatus.DRAFT


def test_a_draft_whose_bank_has_closed_is_told_so_and_can_choose_another(client, draft):
    CityBank.objects.update(open_until=date(2025, 1, 1))
    page = send(client, url("confirm", draft)).content.decode()
    assert (
        "中国建设银行在济南市已停办社保卡（最后一天是2025年1月1日（周三））。请换一家银行" in page
    )
    assert f'href="{reverse("application:precheck")}"' in page
    assert CardRequest.objects.get().status == RequestStatus.DRAFT


def test_nothing_is_submitted_without_an_identity_check(client):
    draft = make_draft()
    client.force_login(draft.holder.user)
    typed = {"way": "code", "code": "123456", "password": PASSWORD}
    page = send(client, url("confirm", draft), typed).content.decode()
    assert "请先获取验证码" in page
    assert CardRequest.objects.get().status == RequestStatus.DRAFT


def test_申领信息查看_is_masked(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(card_request.holder.user)
    page = client.get(url("detail", card_request)).content.decode()
    particulars = card_request.particulars
    assert card_request.reference in page
    for value in (particulars.id_number, particulars.phone, particulars.address):
        assert value not in page
    assert "*超" in page
    assert f"{particulars.phone[:3]}****{particulars.phone[-4:]}" in page


def test_申领信息查看_is_for_the_owner_only(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(make_holder().user)
    assert client.get(url("detail", card_request)).status_code == 404


def test_the_typed_text_is_forgotten_with_the_submission(client, draft):
    Particulars.objects.filter(card_request=draft).update(portrait="")
    send(client, url("autosave", draft), TYPED, page=url("form", draft))
    Particulars.objects.filter(card_request=draft).update(portrait="portraits/example.jpg")
    send(client, url("confirm", draft))
    assert CardRequest.objects.get().status == RequestStatus.SUBMITTED
    assert Particulars.objects.get(card_request=draft).typed == ""
