"""需要修改信息 by the applicant's own discovery (the manual's part 一, figures 13 and 14)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.cards.enums import RequestStatus
from tests.factories.cards import make_request
from tests.journeys.steps import actions, card_request_of, the_worker_runs

pytestmark = pytest.mark.django_db


def test_what_was_filled_in_wrong_is_taken_back_and_then_asked_about(me, holder, town, reviewer):
    at = timezone.now() - timedelta(hours=2)
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder, city=town, at=at)
    me.open("/accounts/login/").sign_in(holder.user).follow("申领").see("查询到您有以下申领记录")
    me.follow("修改信息").at("application:reopen", card_request.reference)
    me.press("取回修改").see("请勾选要修改的内容。")
    me.fill(fields_to_change=["household_type"]).press("取回修改").see("申请已取回，请在")
    assert me.fields(me.form("amend")) == {"household_type"}
    me.fill(household_type="10").press("提交修改，重新受理").see("修改已提交")
    assert [label for label, _ in me.timeline()][3:5] == ["自行修改", "重新受理制卡申请"]
    assert card_request_of(holder).particulars.household_type == "10"

    # A reviewer reads it: now the desk is asked, and answers before it decides.
    reviewer.open("/admin/cards/cardrequest/").follow("*超").see("自行取回", "已修改")
    reviewer.press("领办这件")
    me.reload().follow("请人事处修改")
    me.fill(fields_to_change=["household_type"], text="应该是居民户").press("发给人事处").see(
        "还没有答复"
    )
    reviewer.reload().see("申请人请求修改", "应该是居民户", "请先答复，或退回修改").miss(
        "送制卡中心制作。"
    )
    reviewer.fill(answer__text="已按居民户核对，不用再改。").press("答复申请人").see("已答复")
    reviewer.press("审核通过").see("已审核通过")
    me.wait().see("已按居民户核对，不用再改。", "审核已通过，由制卡中心制作")
    the_worker_runs()
    me.open("/messages/").see("人事处答复了您的修改请求：已按居民户核对，不用再改")
    assert actions(card_request)[-4:] == ["ACCEPT", "REOPEN", "AMEND", "APPROVE"]
