"""社会保障卡启用 and 临时挂失 with the card in hand (the manual's parts 二 and 四)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.loss_report.tasks import expire_loss_reports
from tests.factories.cards import make_card, make_request
from tests.factories.loss_reports import make_loss_report
from tests.factories.people import make_ward
from tests.journeys.steps import prove_by_code

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=60)


@pytest.fixture(autouse=True)
def _codes_at_once(settings):
    """Two checks in one story, without a minute between them."""
    settings.CODE_WAIT = timedelta(0)


def sign_in(me, holder):
    return me.open("/accounts/login/").sign_in(holder.user)


def status_of(card):
    return Card.objects.get(pk=card.pk).status


def test_a_card_that_came_by_mail_is_activated_which_confirms_the_receipt(me, holder, town):
    card_request = make_request(RequestStatus.DISPATCHED, holder=holder, city=town, at=LONG_AGO)
    sign_in(me, holder)

    me.follow("启用").at("activation:start", card_request.card.reference).see("封存")
    me.see("同时确认已领到卡", "还要到中国建设银行网点激活")
    assert status_of(card_request.card) == CardStatus.SEALED
    prove_by_code(me, confirm="确认启用").at("activation:done", card_request.card.reference)

    me.see("社保功能已启用", "还差一步：激活银行账户", "95533")
    assert status_of(card_request.card) == CardStatus.ACTIVE
    assert CardRequest.objects.get(pk=card_request.pk).status == RequestStatus.COLLECTED
    me.follow("查看启用记录").at("activation:records").see("网上办理")
    me.open(card_request.get_absolute_url()).see("已领取")


def test_an_activated_card_is_not_activated_again(me, holder, town):
    card = make_card(CardStatus.ACTIVE, holder=holder, city=town, at=LONG_AGO)
    sign_in(me, holder).open(f"/activate/{card.reference}/").see("已经启用")
    assert status_of(card) == CardStatus.ACTIVE


def test_a_lost_card_is_reported_found_and_lifted(me, holder, town):
    card = make_card(CardStatus.ACTIVE, holder=holder, city=town, at=LONG_AGO)
    sign_in(me, holder).follow("临时挂失")

    me.at("loss_report:report", card.reference).see("正常")
    me.see("7个自然日", "看病、买药结算", "停用", "没有冻结，要停请打", "95533", "24:00")
    me.press("确认临时挂失").at("loss_report:detail", card.reference)
    me.see("临时挂失中", "自动恢复")
    assert status_of(card) == CardStatus.SUSPENDED
    me.open("/").see("临时挂失")

    me.open(f"/loss/{card.reference}/").follow("卡找到了，解除挂失")
    prove_by_code(me, confirm="确认解除挂失")
    me.at("home:home").see("已解除挂失", "正常")
    assert status_of(card) == CardStatus.ACTIVE

    # The second time the page points to the formal loss.
    me.open(f"/loss/{card.reference}/report/").see("已经挂失过 1 次", "申请补换")


def test_a_suspension_that_has_ended_reads_active_before_and_after_the_worker(me, holder, town):
    card = make_card(CardStatus.ACTIVE, holder=holder, city=town, at=LONG_AGO)
    make_loss_report(card=card, at=timezone.now() - timedelta(days=9))
    sign_in(me, holder)

    me.open(f"/loss/{card.reference}/").see("这张卡现在是「正常」")
    assert status_of(card) == CardStatus.SUSPENDED
    expire_loss_reports()
    assert status_of(card) == CardStatus.ACTIVE
    me.open(f"/loss/{card.reference}/").see("这张卡现在是「正常」")


def test_a_guardian_activates_and_reports_for_the_child(me, holder, town):
    ward = make_ward(holder)
    card_request = make_request(
        RequestStatus.DISPATCHED, holder=ward, by=holder.user, city=town, at=LONG_AGO
    )
    card = card_request.card
    sign_in(me, holder).open(f"/activate/{card.reference}/")
    prove_by_code(me, confirm="确认启用").at("activation:done", card.reference)
    me.open(f"/loss/{card.reference}/report/").press("确认临时挂失").see("临时挂失中")
    assert status_of(card) == CardStatus.SUSPENDED
