"""社会保障卡补换 from the loss to the new card in use, as the manual tells it (part 三)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestKind, RequestStatus
from apps.cards.models import Card
from apps.common.moments import day_of
from apps.regions.models import City
from tests.factories.cards import make_card
from tests.factories.formal_losses import make_lost_card
from tests.factories.people import make_holder
from tests.factories.regions import change_rule, make_bank, make_city
from tests.journeys.steps import (
    CONSENTS,
    FORM,
    card_request_of,
    pay,
    prove_by_code,
    put_portrait,
    ship,
    the_worker_runs,
)

pytestmark = pytest.mark.django_db

CODE_AT_ONCE = timedelta(0)  # two checks in one story, without a minute between them


def sign_in(me, holder):
    return me.open("/accounts/login/").sign_in(holder.user)


def choose(me, reason):
    """选择补换原因; what the reason asks for comes by itself, or with the next page."""
    return me.fill(reason=reason)


def go_on(me):
    """With the agreements, which are asked for once: in a sheet, or on the page that answers."""
    if me.has_htmx:
        return me.fill(**consents_asked(me)).press("下一步：填写资料")
    me.press("下一步：填写资料")
    if asked := consents_asked(me):
        me.fill(**asked).press("下一步：填写资料")
    return me


def consents_asked(me):
    named = {node.get("name") for node in me.page.nodes("input")}
    return CONSENTS if "service" in named else {}


def hand_in(me):
    put_portrait(me)
    me.fill(**FORM).press("下一步：核对信息")
    return prove_by_code(me)


def review_loss(reviewer, card, button, **typed):
    loss = card.formal_losses.latest("pk")
    reviewer.open(reverse("admin:replacement_formalloss_change", args=[loss.reference]))
    reviewer.press("领办这件")
    return reviewer.fill(**typed).press(button)


def decide(reviewer, card_request, button, **typed):
    reviewer.open(reverse("admin:cards_cardrequest_change", args=[card_request.reference]))
    reviewer.press("领办这件")
    return reviewer.fill(**typed).press(button)


def test_the_whole_story_from_the_loss_to_the_new_card(
    me, holder, reviewer, quick_bureau, settings
):
    settings.CODE_WAIT = CODE_AT_ONCE
    old = make_card(holder=holder, city=City.objects.get(pk="370100"))
    change_rule(old.city, day=day_of(timezone.now()), card_fee_fen=2000)
    sign_in(me, holder)

    # The matter leads to the formal loss first.
    me.follow("补换").at("replacement:declare", old.reference).see("先登记正式挂失")
    me.see("申请补换以后不能再解除", "没有冻结", "95533")
    me.press("登记正式挂失").see("有 3 处需要修改", "请勾选声明后再登记。")
    me.fill(lost_date=f"{day_of(timezone.now()):%Y-%m-%d}", place="校园班车上", is_sworn=True)
    me.press("登记正式挂失").at("replacement:loss", old.reference)
    me.see("正式挂失已登记", "您不用做什么", "校园班车上")
    me.follow("回到补换").see("审核老师3个工作日内确认")
    assert Card.objects.get(pk=old.pk).status == CardStatus.ACTIVE

    # A reviewer confirms, and the page leads on.
    review_loss(reviewer, old, "确认正式挂失").see("已确认正式挂失，这张卡已停用。")
    me.reload().see("正式挂失", "可以申请补换新卡").follow("申请补换")
    me.at("replacement:start", old.reference)

    # Reason, consents, and the prefilled form.
    go_on(choose(me, "LOST"))
    card_request = card_request_of(holder)
    assert (card_request.kind, card_request.old_card, card_request.bank_id) == (
        RequestKind.REPLACEMENT,
        old,
        "95533",
    )
    me.at("application:form", card_request.reference)
    me.see("社会保障卡补领、换领", "补领", "遗失")
    prefilled = me.data(me.form("particulars"))
    assert (prefilled["phone"], prefilled["id_valid_until"]) == (holder.phone, "2040-01-01")
    hand_in(me).see("补领提交成功")

    # 收件信息 and payment: postage and the card fee of the city.
    ship(me).see("工本费 20.00 元", "合计 30.00 元")
    pay(me)
    the_worker_runs()
    me.open(card_request.get_absolute_url()).see("人事处审核", "补领信息查看", "收件信息")

    # A reviewer may ask for an amendment here as well.
    decide(
        reviewer, card_request, "请申请人修改", amend__ask_phone=True, amend__reason_phone="打不通"
    )
    me.reload().see("打不通").follow("改手机号")
    me.fill(phone="13912345679").press("提交修改，重新受理").see("重新受理制卡申请")
    decide(reviewer, card_request, "审核通过").see("已审核通过")

    # When the new card is made the old one is retired with it; the new one is activated from here.
    the_worker_runs()
    the_worker_runs()
    card_request.refresh_from_db()
    old.refresh_from_db()
    new = card_request.card
    assert card_request.status == RequestStatus.DISPATCHED
    assert (old.status, new.status) == (CardStatus.RETIRED, CardStatus.SEALED)
    assert new.replaces == old
    assert new.card_number != old.card_number
    assert old.status_since == new.status_since
    me.open(reverse("replacement:guide")).see(
        "已经注销", "*超", "济南市", f"*****{new.card_number[-4:]}"
    )
    me.follow("去启用社保卡").at("activation:start", new.reference)
    prove_by_code(me, confirm="确认启用").see("社保功能已启用")
    assert Card.objects.get(pk=new.pk).status == CardStatus.ACTIVE


def test_another_bank_is_chosen_when_the_bank_changes(me, holder):
    card = make_lost_card(holder=holder, city=City.objects.get(pk="370100"))
    sign_in(me, holder).open(reverse("replacement:start", args=[card.reference]))
    choose(me, "BANK_CHANGED")
    if not me.has_htmx:
        me.press("下一步：填写资料")
    go_on(me.see("新的发卡银行", "济南市，与旧卡相同").fill(bank="95588"))
    card_request = card_request_of(holder)
    assert (card_request.city_id, card_request.bank_id) == ("370100", "95588")
    me.see("换领", "服务银行变化", "中国工商银行")


def test_another_city_is_chosen_when_the_area_changes(me, holder):
    make_city("370600", "烟台市", banks=[make_bank("95588", "中国工商银行")])
    card = make_lost_card(holder=holder, city=City.objects.get(pk="370100"))
    sign_in(me, holder).open(reverse("replacement:start", args=[card.reference]))
    choose(me, "AREA_CHANGED")
    if not me.has_htmx:
        me.press("下一步：填写资料")
    go_on(me.narrow(city="370600").fill(bank="95588"))
    card_request = card_request_of(holder)
    assert (card_request.city_id, card_request.bank_id) == ("370600", "95588")


def test_a_changed_name_is_led_to_the_insurance_agency(me, holder):
    card = make_lost_card(holder=holder)
    sign_in(me, holder).open(reverse("replacement:start", args=[card.reference]))
    choose(me, "KEY_DATA_CHANGED")
    if me.has_htmx:
        me.see("先带身份证和变更证明")
    me.press("下一步：填写资料").see("请先到参保地社保经办机构变更", "12333")
    assert not holder.requests.filter(kind=RequestKind.REPLACEMENT).exists()


def test_the_terms_of_a_draft_can_be_changed(me, holder):
    card = make_lost_card(holder=holder, city=City.objects.get(pk="370100"))
    sign_in(me, holder).open(reverse("replacement:start", args=[card.reference]))
    go_on(choose(me, "LOST"))
    first = card_request_of(holder)
    me.follow("更改补换原因、地区或银行").see("不改原因，接着填写")
    me.fill(reason="DAMAGED").press("下一步：填写资料")
    again = card_request_of(holder)
    assert again == first
    assert again.replacement_reason == "DAMAGED"
    me.open(reverse("replacement:guide")).see("换领申请：填写中").follow("继续办理")
    me.at("progress:detail", first.reference)


@pytest.mark.slow
@pytest.mark.usefixtures("firm_decisions")
def test_a_rejected_replacement_leaves_the_card_lost_and_says_what_can_be_done(
    me, holder, reviewer
):
    card = make_lost_card(holder=holder, city=City.objects.get(pk="370100"))
    sign_in(me, holder).open(reverse("replacement:start", args=[card.reference]))
    go_on(choose(me, "LOST"))
    hand_in(me)
    ship(me)
    pay(me)
    the_worker_runs()
    card_request = card_request_of(holder)
    decide(reviewer, card_request, "审核不通过", reject__reason="照片不是本人")
    the_worker_runs()

    me.open(card_request.get_absolute_url())
    me.see("审核不通过", "照片不是本人", "旧卡仍是正式挂失", "申请撤销正式挂失")
    me.follow("重新申请").at("replacement:start", card.reference)
    me.see("上次补换审核没有通过")
    me.open(reverse("home:messages")).see("旧卡仍是正式挂失，可以重新申请补换")
    assert Card.objects.get(pk=card.pk).status == CardStatus.LOST

    # Either the loss is withdrawn at HR …
    review_loss(reviewer, card, "撤销正式挂失", withdraw__reason="本人出示了找到的卡")
    reviewer.see("已撤销正式挂失，这张卡恢复正常。")
    me.open(reverse("replacement:loss", args=[card.reference]))
    me.see("正式挂失已撤销：本人出示了找到的卡", "可以正常使用")


@pytest.mark.slow
def test_after_a_rejection_one_applies_again(me, holder, reviewer, settings):
    settings.CODE_WAIT = CODE_AT_ONCE
    card = make_lost_card(holder=holder, city=City.objects.get(pk="370100"))
    sign_in(me, holder)
    for _ in range(2):
        me.open(reverse("replacement:start", args=[card.reference]))
        go_on(choose(me, "LOST"))
        hand_in(me)
        ship(me)
        pay(me)
        the_worker_runs()
        card_request = card_request_of(holder)
        decide(reviewer, card_request, "审核不通过", reject__reason="照片不是本人")
    assert holder.requests.filter(status=RequestStatus.REJECTED).count() == 2


@pytest.mark.slow
def test_a_withdrawn_submission_leaves_the_card_lost(me, holder):
    card = make_lost_card(holder=holder, city=City.objects.get(pk="370100"))
    sign_in(me, holder).open(reverse("replacement:start", args=[card.reference]))
    go_on(choose(me, "LOST"))
    hand_in(me)
    me.open(card_request_of(holder).get_absolute_url()).follow("撤销申请").see("旧卡仍是正式挂失")
    me.press("撤销申请").see("这件申请已撤销", "旧卡仍是正式挂失")
    assert Card.objects.get(pk=card.pk).status == CardStatus.LOST


@pytest.mark.slow
def test_a_refused_declaration_says_why_and_can_be_made_again(me, holder, reviewer):
    card = make_card(holder=holder)
    sign_in(me, holder).open(reverse("replacement:declare", args=[card.reference]))
    me.fill(lost_date=f"{day_of(timezone.now()):%Y-%m-%d}", receipt_number="H-1", is_sworn=True)
    me.press("登记正式挂失")
    review_loss(reviewer, card, "不确认", refuse__reason="回执号查不到，请核对")
    me.reload().see("审核老师没有确认：回执号查不到，请核对")
    me.follow("重新登记正式挂失").at("replacement:declare", card.reference)


def test_a_found_card_is_taken_back_before_anybody_decided(me, holder, reviewer):
    card = make_card(holder=holder)
    sign_in(me, holder).open(reverse("replacement:declare", args=[card.reference]))
    me.fill(lost_date=f"{day_of(timezone.now()):%Y-%m-%d}", place="食堂", is_sworn=True)
    me.press("登记正式挂失").press("撤回登记").see("已撤回登记，社保卡照常使用。")
    loss = card.formal_losses.get()
    reviewer.open(reverse("admin:replacement_formalloss_change", args=[loss.reference]))
    reviewer.see("不需要再决定")


def test_somebody_without_a_card_is_led_to_apply(me, town):
    sign_in(me, make_holder()).open(reverse("replacement:guide")).see("还没有社保卡")
    me.follow("去看申领办事指南").at("application:guide")
