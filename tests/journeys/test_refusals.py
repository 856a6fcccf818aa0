"""Every way in which 社会保障卡申领 is refused, what the person reads, and the next step."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.application import services
from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.people.models import Holder
from apps.regions.enums import Service
from apps.requests.models import Particulars
from apps.verification.models import Check
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.formal_losses import make_lost_card
from tests.factories.loss_reports import make_loss_report
from tests.factories.people import PASSWORD, make_holder
from tests.factories.regions import make_bank, make_city
from tests.journeys.steps import (
    HAND_IN,
    card_request_of,
    code_on_phone,
    precheck,
)
from tests.journeys.visitor import Visitor
from tests.walk import view_of

pytestmark = pytest.mark.django_db

# --- 申领资格预校验


def test_a_child_is_led_to_the_guardian(at_precheck, holder):
    Holder.objects.filter(pk=holder.pk).update(birth_date=date(2016, 5, 20))
    page = precheck(at_precheck)
    page.see("不能自己申领，请由父亲或母亲代为办理").follow("代未成年子女办理")
    page.at("application:guide_for_child")
    assert not CardRequest.objects.exists()


def test_a_number_that_somebody_sends_along_is_not_read(at_precheck, holder):
    form = at_precheck.form("precheck")
    typed = {"name": "张起", "id_number": make_holder().id_number}
    where = {"city": "370100", "bank": "95533"}
    at_precheck.send(form, at_precheck.data(form) | typed | where)
    draft = CardRequest.objects.get()
    assert (draft.holder, draft.particulars.name) == (holder, holder.name)


def test_an_account_of_nobody_cannot_begin(visitor, town, django_user_model):
    nobody = django_user_model.objects.create_user("T900001", PASSWORD)
    visitor.sign_in(nobody).open(reverse("application:guide")).see("人事名册里没有您")
    assert "开始办理" not in visitor.text


def test_nothing_begins_without_every_single_consent(visitor, town):
    visitor.sign_in(make_holder().user).open(reverse("application:guide"))
    visitor.press("开始办理").fill(service=True, privacy=True, third_party=True)
    visitor.press("同意并开始办理").see("请勾选《敏感个人信息单独同意书》").open(
        reverse("application:precheck")
    ).at("application:guide")


def test_who_has_a_card_elsewhere_is_told_what_to_do_first(at_precheck, holder):
    Holder.objects.filter(pk=holder.pk).update(has_card_elsewhere=True)
    precheck(at_precheck).see("您在省内其他地区已有社保卡", "请先在原发卡地注销")


def make_sealed(*, holder, at):
    make_card(CardStatus.SEALED, holder=holder, at=at)


def make_suspended(*, holder, at):
    make_loss_report(card=make_card(holder=holder, at=at), at=at + timedelta(hours=1))


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("make", "words", "link", "page"),
    [
        (make_sealed, "还没有启用，不用再申领", "去启用社保卡", "activation:start"),
        (make_card, "已有正常使用的社保卡", "办理补换", "replacement:declare"),
        (make_suspended, "正在临时挂失", "去解除挂失", "loss_report:detail"),
        (make_lost_card, "要办补换，不能重新申领", "去补换", "replacement:start"),
    ],
)
def test_who_holds_a_card_is_led_to_the_matter_that_helps(visitor, holder, make, words, link, page):
    make(holder=holder, at=timezone.now() - timedelta(hours=3))
    visitor.sign_in(holder.user).open(reverse("application:guide")).see(words)
    assert view_of(visitor.follow(link).path) == page
    # The precheck says the same to who agreed before the card was there.
    services.agree(ip="127.0.0.1", by=holder.user, at=timezone.now())
    visitor.open(reverse("application:precheck"))
    assert view_of(precheck(visitor).see(words).follow(link).path) == page


def test_a_second_request_is_led_to_the_first(at_precheck, holder):
    running = make_request(RequestStatus.ACCEPTED, holder=holder)
    page = precheck(at_precheck).see("重复申请", "同一时间只能办一件")
    page.follow("查看这件申请").at("progress:detail", running.reference)
    assert CardRequest.objects.filter(holder=holder).count() == 1


def test_a_city_that_is_not_open_is_refused(at_precheck, holder):
    make_city("371300", "临沂市", services=[Service.PROGRESS])
    page = precheck(at_precheck.reload(), city="371300").see("临沂市还没有开通网上申领")
    page.follow("社保卡跨省通办开通地区").at("regions:areas")


def test_a_bank_that_has_no_offer_in_the_city_is_refused(at_precheck, holder):
    make_bank("95599", "中国农业银行")
    form = at_precheck.form("precheck")
    typed = {"city": "370300", "bank": "95599"}
    page = at_precheck.send(form, at_precheck.data(form) | typed)
    page.see("中国农业银行在淄博市没有开通社保卡")
    assert not CardRequest.objects.exists()


def test_a_bank_without_branches_all_over_the_country_is_refused(at_precheck, holder):
    local = make_bank("96588", "青岛银行", has_nationwide_branches=False)
    make_city("370200", "青岛市", banks=[local])
    page = precheck(at_precheck.reload(), city="370200", bank="96588")
    page.see("青岛银行没有全国性服务网点")


# --- Identity check, on the page of the confirmation


@pytest.fixture
def at_check(visitor, holder):
    """Somebody who has just signed in, before 核对信息 of a complete draft."""
    draft = make_draft(holder=holder, at=timezone.now())
    visitor.sign_in(holder.user)
    return visitor.open(reverse("application:confirm", args=[draft.reference]))


def test_five_wrong_codes_void_the_code_and_a_new_one_is_asked_for(at_check, holder):
    page = at_check.press("获取验证码")
    right = code_on_phone()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for left in (4, 3, 2, 1):
        page.fill(code=wrong).press(HAND_IN).see(f"还可以再试 {left} 次")
    page.fill(code=wrong).press(HAND_IN).see("这个验证码已作废")
    page.fill(code=right).press(HAND_IN).see("输错次数太多，已作废")
    assert card_request_of(holder).is_draft


def test_the_right_code_with_a_wrong_password_does_not_pass_nor_tell_which(
    at_check, holder, settings
):
    settings.PROOF_COUNTS_FOR = timedelta(0)
    page = at_check.press("获取验证码")
    page.fill(code=code_on_phone(), password="not-my-password").press(HAND_IN)
    page.see("验证码或登录密码不正确")
    assert card_request_of(holder).is_draft


def test_a_check_that_ran_out_is_begun_anew_and_the_draft_stays(at_check, holder, settings):
    settings.CODE_WAIT = timedelta(0)
    page = at_check.press("获取验证码")
    Check.objects.update(expires_at=timezone.now())
    page.reload().press("重新获取验证码").fill(code=code_on_phone()).press(HAND_IN)
    page.see("申领提交成功")
    assert CardRequest.objects.count() == 1
    assert Check.objects.count() == 2


def test_what_is_refused_after_the_code_was_right_does_not_ask_for_another_one(at_check, holder):
    page = at_check.press("获取验证码")
    Particulars.objects.update(address="山东省济南市历下区文化东路 90 号", saved_at=timezone.now())
    page.fill(code=code_on_phone()).press(HAND_IN).see("有了变化", "身份已经核对过")
    page.press(HAND_IN).see("申领提交成功")


# --- Sessions and strangers


def test_a_session_that_ends_sends_an_open_page_to_sign_in_and_back(holder):
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder)
    page = Visitor(htmx=True).open("/accounts/login/").sign_in(holder.user)
    page.open(card_request.get_absolute_url())
    poll = re.search(r"/progress/\S+\?seen=\S+", page.page.by_id("live").get("hx-get"))[0]
    page.client.logout()
    headers = {
        "HX-Request": "true",
        "HX-Current-URL": f"http://testserver{card_request.get_absolute_url()}",
    }
    answer = page.client.get(poll, headers=headers)
    assert "<html" not in answer.content.decode()
    page.open(answer["X-Sign-In"]).sign_in(holder.user)
    page.at("progress:detail", card_request.reference)


@pytest.mark.sampled
@pytest.mark.parametrize(
    "name",
    [
        "application:detail",
        "application:form",
        "application:shipping",
        "application:withdraw",
        "progress:detail",
        "payments:pay",
    ],
)
def test_another_person_s_reference_leads_nowhere(visitor, holder, name):
    card_request = make_request(RequestStatus.SUBMITTED, holder=holder)
    visitor.sign_in(make_holder().user)
    visitor.open(reverse(name, args=[card_request.reference]), status=404).miss(
        card_request.reference
    )
