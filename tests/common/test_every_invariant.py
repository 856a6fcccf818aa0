"""Each rule of `verify_integrity` can fail: the row that is broken behind the services is named."""

import pytest
from django.apps import apps

from apps.common import integrity
from apps.lifecycle.models import Living
from apps.payments.enums import NotificationOutcome
from tests.common import broken_desk_rows as desk_rows
from tests.common import broken_rows as rows
from tests.factories.payments import make_payment
from tests.factories.regions import let_the_unit_collect
from tests.source_code import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cards_for_the_unit(db):
    let_the_unit_collect()


BREAKS = {
    "统计的件数和办理记录相符": desk_rows.counted_too_often,
    "办理记录都按时计入统计": desk_rows.not_counted,
    "点清的卡箱里，没有还没点到的卡": desk_rows.hidden_in_a_counted_box,
    "单位交出的卡，申请都已领取": lambda: desk_rows.at_the_unit(
        status="HANDED_OUT", handed_way="CODE"
    ),
    "箱里的卡和申请是同一个人的": desk_rows.of_another_person,
    "通知过的领卡时间，都没有取消": lambda: desk_rows.at_the_unit(invited_at=rows.EARLIER),
    "监护人委托的代领，都到孩子可以本人办理的那天为止": lambda: desk_rows.at_the_unit(
        proxy_until=rows.EARLIER
    ),
    "制卡单和申请办到同一步": desk_rows.order_unlike_its_request,
    "登记了的回盘都有制卡单": desk_rows.report_of_no_order,
    "等待送出的批次都有要做的卡": desk_rows.batch_of_nothing,
    "没有登记的回盘都按时再试过": desk_rows.report_not_tried_again,
    "办完的批量审核没有剩下的申请": lambda: desk_rows.bulk_run("DONE")[0],
    "批量办理的申请都有那次决定的记录": lambda: desk_rows.bulk_run(
        "DONE", outcome="DONE", decided_at=rows.EARLIER
    )[1],
    "开始的批量审核都在办或办完": lambda: desk_rows.bulk_run("RUNNING")[0],
    "账单上对不上的行，都记入款项不符": desk_rows.bill_line,
    "没有收下的账单没有明细": lambda: desk_rows.bill_line("WAITING").bill,
    "月结的金额就是入账的合计": lambda: desk_rows.closed_month(
        opening_fen=0, paid_fen=1, closing_fen=1
    ),
    "月结的期初就是上个月的期末": lambda: desk_rows.closed_month(
        opening_fen=1, paid_fen=0, closing_fen=1
    ),
    "同意记录和办理记录里写的一样，一条不少": desk_rows.consent_that_nobody_gave,
    "保存的协议原文就是同意过的那一版": desk_rows.text_that_nobody_read,
    "代办都在孩子可以本人办理的那天结束": desk_rows.ends_on_another_day,
    "确认过的父亲或母亲，年纪都够大": desk_rows.barely_older_than_the_child,
    "一个孩子最多两位确认过的监护人": desk_rows.three_guardians,
    "发完的成批提醒没有剩下的人": lambda: desk_rows.reminder_run("DONE"),
    "开始的成批提醒都在发或发完": lambda: desk_rows.reminder_run("RUNNING"),
    "生效了的人事名册没有剩下的行": lambda: desk_rows.roster("APPLIED"),
    "上传和确认过的人事名册都在读、在生效或办完": lambda: desk_rows.roster("UPLOADED"),
    "存完的照片压缩包没有剩下的照片": lambda: desk_rows.photo_archive("STORED", file=""),
    "上传和确认过的照片压缩包都在看、在存或办完": lambda: desk_rows.photo_archive("UPLOADED"),
    "导出文件里是哪些申请，都有记录": lambda: desk_rows.export(
        "READY", row_count=2, file="exports/x", expires_at=rows.NOW
    ),
    "提交的导出都在写或写完": lambda: desk_rows.export("WAITING"),
    "没有一条记录早于它前面的一条": rows.told_backwards,
    "没能自动办理的到时间都再试过": rows.not_tried_again,
    "一个人手里最多一张社保卡": rows.two_in_hand,
    "每张社保卡都来自一件申请": rows.card_of_no_request,
    "补换出新卡的旧卡都已注销": rows.beside_its_successor,
    "等待审核的申请，怎样回来的和记录一致": rows.back_another_way,
    "待修改的申请都有未完成的修改要求": rows.amended_without_being_asked,
    "未完成的修改要求，申请都在待修改": rows.asked_without_being_amended,
    "撤回的修改要求，申请都有撤回的记录": rows.recalled_without_a_recall,
    "撤回了的审核决定，没有人收到过通知": rows.told_although_recalled,
    "取回修改到期没有交回的，都已继续审核": rows.not_given_back,
    "等待删除的文件都按时删过": rows.not_thrown_away,
    "未了结和已支付的订单都按时问过支付平台": rows.order_left_alone,
    "已支付的订单都有到账的记录": rows.paid_without_a_record,
    "到账时已不能用的钱，都在退或退完": rows.late_money_that_stays,
    "退回的钱都到过账": rows.refund_of_nothing,
    "钱已退回而还在办的申请，后台都知道": rows.refunded_and_going_on,
    "支付平台通知到账的订单，钱都记下了": lambda: rows.notification(
        make_payment(), NotificationOutcome.APPLIED
    ),
    "和订单对不上的通知，都记入款项不符": lambda: rows.notification(
        make_payment(), NotificationOutcome.DISCREPANCY
    ),
    "确认过的正式挂失，社保卡都已挂失或注销": rows.confirmed_on_a_card_in_use,
    "补换中的旧卡都已正式挂失": rows.replacing_a_card_in_use,
}
# Lives of which the table of moves, and a constraint of the database, say everything.
NO_OTHER_ROWS = ("inquiries", "my_data", "person_changes", "verification")
# Where the other rules are broken.
ELSEWHERE = (
    "tests/common/test_integrity.py",
    "tests/lateness/test_lateness.py",
    "tests/seals/test_checking.py",
)


@pytest.mark.parametrize("says", BREAKS)
def test_a_row_that_breaks_the_rule_is_named(says):
    [rule] = [rule for rule in integrity.invariants() if rule.says == says]
    assert list(rule.breaches(rows.NOW)) == []
    row = BREAKS[says]()
    assert str(row) in [str(found) for found in rule.breaches(rows.NOW)]


def test_each_life_has_rules_of_its_own():
    """A room whose rows have a life says what must be true of them beside other rows."""
    rooms = {
        model._meta.app_label for model in apps.get_models() if issubclass(model, Living)
    } - set(NO_OTHER_ROWS)
    written = {rule.breaches.__module__.split(".")[1] for rule in integrity.invariants()}
    assert rooms - written == set()


def test_each_rule_is_broken_by_a_test():
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in ELSEWHERE)
    untried = [rule.says for rule in integrity.invariants() if rule.says not in BREAKS]
    assert [says for says in untried if f'"{says}"' not in text] == []
