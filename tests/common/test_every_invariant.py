"""Each rule of `verify_integrity` can fail: the row that is broken behind the services is named."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from apps.bills import services as bills
from apps.bills.models import BillLine, ClosedMonth
from apps.bulk.models import BulkRow, BulkRun
from apps.bureau.models import BureauReport
from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.common import integrity
from apps.common.moments import day_of
from apps.desk import roles
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.exports.models import Export
from apps.handout.models import BoxCard
from apps.lifecycle import engine
from apps.lifecycle.models import Living, Setback
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.onboarding.models import ReminderRow, ReminderRun
from apps.payments.enums import NotificationOutcome, PaymentAction
from apps.payments.models import PaymentNotification
from apps.people.models import Guardianship
from apps.requests.models import Amendment, DiscardedFile
from apps.requests.policies import settled_after
from apps.roster import services as rosters
from tests.factories.boxes import make_box, make_sent_to_unit, make_waiting
from tests.factories.bureau import hear, made, make_orders
from tests.factories.cards import make_calm, make_card, make_request, submit
from tests.factories.formal_losses import make_formal_loss, make_replacement_draft
from tests.factories.payments import make_paid, make_payment
from tests.factories.people import (
    make_colleague,
    make_guardianship,
    make_holder,
    make_id_number,
    make_reviewer,
    make_ward,
)
from tests.source_code import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cards_for_the_unit(settings):
    settings.UNIT_COLLECTS_FROM = ["370100"]


NOW = timezone.now()
EARLIER = NOW - timedelta(days=3)


def write(row, **columns):
    """Write `columns` into the row by SQL, past services, engine and models."""
    assignments = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {assignments} WHERE id = %s",  # noqa: S608
            [*columns.values(), row.pk],
        )


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def not_tried_again():
    return Setback.objects.create(
        subject_kind="card",
        subject_id=1,
        action=CardAction.EXPIRE,
        reason="x",
        first_at=EARLIER,
        next_try_at=EARLIER,
    )


def told_backwards():
    event = make_request(RequestStatus.SUBMITTED, at=EARLIER).events.last()
    event.pk, event.at = None, EARLIER - timedelta(days=1)
    [event] = Event.objects.bulk_create([event])
    return event


def two_in_hand():
    card, other = make_card(at=EARLIER), make_card(at=EARLIER)
    sql("DROP INDEX one_card_in_hand_per_holder")
    write(other, holder_id=card.holder_id)
    return card.holder


def card_of_no_request():
    card = make_card(CardStatus.RETIRED, at=EARLIER)
    card.pk, card.card_number, card.reference = None, "T99999999", "0" * 16
    card.save(force_insert=True)
    return card


def beside_its_successor():
    card = make_card(at=EARLIER)
    write(make_card(CardStatus.RETIRED, at=EARLIER), replaces_id=card.pk)
    return card


def amended_without_being_asked():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT, at=EARLIER)
    sql("DELETE FROM requests_amendment")
    return card_request


def asked_without_being_amended():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT, at=EARLIER)
    write(card_request, status=RequestStatus.ACCEPTED)
    return Amendment.objects.get()


def recalled_without_a_recall():
    make_request(RequestStatus.NEEDS_AMENDMENT, at=EARLIER)
    amendment = Amendment.objects.get()
    write(amendment, is_recalled=True, answered_at=EARLIER, answered_by_id=amendment.asked_by_id)
    return amendment


def told_although_recalled():
    card_request = make_request(RequestStatus.REJECTED, at=EARLIER)
    told_at = card_request.status_since + settled_after()
    notices.collect(at=told_at, limit=100)
    notices.send_due(at=told_at, limit=100)
    engine.move(
        card_request,
        RequestAction.RECALL,
        by=make_reviewer(),
        role=Role.REVIEWER,
        at=told_at,
        channel=Channel.ADMIN,
    )
    return Notice.objects.get(event__action=RequestAction.REJECT, channel="PORTAL")


def not_given_back():
    make_request(RequestStatus.NEEDS_AMENDMENT, at=EARLIER)
    amendment = Amendment.objects.get()
    write(amendment, is_own=True, due_date=day_of(EARLIER))
    return amendment


def not_thrown_away():
    return DiscardedFile.objects.create(name="x", discarded_at=EARLIER, next_try_at=EARLIER)


def order_left_alone():
    payment = make_payment()
    write(payment, next_check_at=EARLIER)
    return payment


PAID = {"status": "PAID", "paid_at": EARLIER, "trade_number": "T1"}
GOING_BACK = {"status": "REFUNDING", "refund_began_at": EARLIER, "refund_reason": "x"}


def paid_without_a_record():
    payment = make_payment()
    write(payment, **PAID)
    return payment


def late_money_that_stays():
    payment = make_payment()
    details = {"by": None, "role": Role.GATEWAY, "at": NOW, "channel": Channel.GATEWAY}
    engine.event_of(payment, PaymentAction.RETURN, payment.status, **details).save()
    return payment


def refund_of_nothing():
    payment = make_payment()
    write(payment, **PAID | GOING_BACK)
    return payment


def refunded_and_going_on():
    payment = make_paid()
    write(payment, **GOING_BACK)
    return payment.card_request


def notification(payment, outcome):
    return PaymentNotification.objects.create(
        gateway="sandbox",
        digest="0" * 64,
        is_verified=True,
        outcome=outcome,
        payment=payment,
        trade_status="TRADE_SUCCESS",
        received_at=EARLIER,
    )


def confirmed_on_a_card_in_use():
    loss = make_formal_loss(at=EARLIER)
    write(loss, status="CONFIRMED")
    return loss


def replacing_a_card_in_use():
    card_request = make_replacement_draft(at=EARLIER)
    submit(card_request, at=EARLIER + timedelta(days=2))
    write(card_request.old_card, status=CardStatus.ACTIVE)
    return card_request


def hidden_in_a_counted_box():
    sent = make_sent_to_unit()
    box = make_box(make_colleague(roles.HANDER), sent)
    write(box, status="CHECKED")
    return BoxCard.objects.get()


def at_the_unit(**columns):
    row = make_waiting(make_colleague(roles.HANDER))
    write(row, **columns)
    return row


def of_another_person():
    return at_the_unit(holder_id=make_holder().pk)


def order_unlike_its_request():
    [order] = make_orders(1)
    write(order.card_request, status=RequestStatus.ACCEPTED)
    return order


def report_of_no_order():
    hear(made(make_orders(1)[0]))
    report = BureauReport.objects.get()
    write(report, order_reference="0" * 16)
    return report


def report_not_tried_again():
    hear(made(make_orders(1)[0]))
    report = BureauReport.objects.get()
    write(report, status="REFUSED", next_try_at=EARLIER)
    return report


def batch_of_nothing():
    [order] = make_orders(1)
    write(order, status="SENT")
    write(order.batch, status="WAITING", status_since=EARLIER)
    return order.batch


def bulk_run(status, **columns):
    card_request = make_calm()
    run = BulkRun(action="APPROVE", by=make_reviewer(), prepared_at=EARLIER)
    engine.begin(run, "PREPARE", by=run.by, role=Role.REVIEWER, at=EARLIER, channel=Channel.ADMIN)
    values = {"outcome": "WAITING"} | columns
    row = BulkRow.objects.create(run=run, card_request=card_request, seen_since=EARLIER, **values)
    write(run, status=status)
    return run, row


def bill_line(status="COMPARED"):
    bill = bills.expect(gateway="sandbox", day=day_of(EARLIER), by=None, at=EARLIER)
    if status == "COMPARED":
        write(bill, status=status, next_try_at=None, digest="0" * 64)
    return BillLine.objects.create(
        bill=bill,
        number=1,
        kind="TRADE",
        gateway="sandbox",
        trade_number="T-NOBODY",
        order_number="X",
        amount_fen=1200,
        fee_fen=0,
        finished_at=EARLIER,
        result="DIFFERS",
    )


def closed_month(**columns):
    return ClosedMonth.objects.create(
        gateway="sandbox",
        month=date(2026, 10, 1),
        **dict.fromkeys(("refunded_fen", "settled_fen", "fee_fen", "open_differences"), 0),
        closed_at=EARLIER,
        closed_by=make_reviewer(),
        **columns,
    )


def ends_on_another_day():
    make_ward(make_holder())
    guardianship = Guardianship.objects.get()
    write(guardianship, ends_at=NOW + timedelta(days=1))
    return guardianship


def three_guardians():
    ward = make_ward(make_holder())
    for _ in range(2):
        make_guardianship(make_holder(), ward)
    return ward


def reminder_run(status):
    run = ReminderRun(chosen="全校", step="DRAFT", by=make_reviewer(), prepared_at=EARLIER)
    engine.begin(run, "PREPARE", by=run.by, role=Role.REVIEWER, at=EARLIER, channel=Channel.ADMIN)
    ReminderRow.objects.create(run=run, holder=make_holder(), outcome="WAITING")
    write(run, status=status)
    return run


def roster(status):
    at = EARLIER
    content = f"工号,姓名,社会保障号码\nW1,张超,{make_id_number(birth_date=date(1979, 3, 3))}\n"
    upload, _ = rosters.take_in(
        content=content.encode(), is_complete=False, by=make_colleague(roles.SUPERVISOR), at=at
    )
    rosters.prepare(upload=upload, at=at)
    write(upload, status=status)
    return upload


def export(status, **columns):
    row = Export(
        by=make_reviewer(), format="CSV", scope="全部", expected_rows=1, created_at=EARLIER
    )
    engine.begin(row, "ORDER", by=row.by, role=Role.REVIEWER, at=EARLIER, channel=Channel.ADMIN)
    if columns:
        write(row, status=status, **columns)
    return row


BREAKS = {
    "点清的卡箱里，没有还没点到的卡": hidden_in_a_counted_box,
    "单位交出的卡，申请都已领取": lambda: at_the_unit(status="HANDED_OUT", handed_way="CODE"),
    "箱里的卡和申请是同一个人的": of_another_person,
    "通知过的领卡时间，都没有取消": lambda: at_the_unit(invited_at=EARLIER),
    "制卡单和申请办到同一步": order_unlike_its_request,
    "登记了的回盘都有制卡单": report_of_no_order,
    "等待送出的批次都有要做的卡": batch_of_nothing,
    "没有登记的回盘都按时再试过": report_not_tried_again,
    "办完的批量审核没有剩下的申请": lambda: bulk_run("DONE")[0],
    "批量办理的申请都有那次决定的记录": lambda: bulk_run(
        "DONE", outcome="DONE", decided_at=EARLIER
    )[1],
    "开始的批量审核都在办或办完": lambda: bulk_run("RUNNING")[0],
    "账单上对不上的行，都记入款项不符": bill_line,
    "没有收下的账单没有明细": lambda: bill_line("WAITING").bill,
    "月结的金额就是入账的合计": lambda: closed_month(opening_fen=0, paid_fen=1, closing_fen=1),
    "月结的期初就是上个月的期末": lambda: closed_month(opening_fen=1, paid_fen=0, closing_fen=1),
    "代办都在孩子可以本人办理的那天结束": ends_on_another_day,
    "一个孩子最多两位确认过的监护人": three_guardians,
    "发完的成批提醒没有剩下的人": lambda: reminder_run("DONE"),
    "开始的成批提醒都在发或发完": lambda: reminder_run("RUNNING"),
    "生效了的人事名册没有剩下的行": lambda: roster("APPLIED"),
    "上传和确认过的人事名册都在读、在生效或办完": lambda: roster("UPLOADED"),
    "导出文件里是哪些申请，都有记录": lambda: export(
        "READY", row_count=2, file="exports/x", expires_at=NOW
    ),
    "提交的导出都在写或写完": lambda: export("WAITING"),
    "没有一条记录早于它前面的一条": told_backwards,
    "没能自动办理的到时间都再试过": not_tried_again,
    "一个人手里最多一张社保卡": two_in_hand,
    "每张社保卡都来自一件申请": card_of_no_request,
    "补换出新卡的旧卡都已注销": beside_its_successor,
    "待修改的申请都有未完成的修改要求": amended_without_being_asked,
    "未完成的修改要求，申请都在待修改": asked_without_being_amended,
    "撤回的修改要求，申请都有撤回的记录": recalled_without_a_recall,
    "撤回了的审核决定，没有人收到过通知": told_although_recalled,
    "取回修改到期没有交回的，都已继续审核": not_given_back,
    "等待删除的文件都按时删过": not_thrown_away,
    "未了结和已支付的订单都按时问过支付平台": order_left_alone,
    "已支付的订单都有到账的记录": paid_without_a_record,
    "到账时已不能用的钱，都在退或退完": late_money_that_stays,
    "退回的钱都到过账": refund_of_nothing,
    "钱已退回而还在办的申请，后台都知道": refunded_and_going_on,
    "支付平台通知到账的订单，钱都记下了": lambda: notification(
        make_payment(), NotificationOutcome.APPLIED
    ),
    "和订单对不上的通知，都记入款项不符": lambda: notification(
        make_payment(), NotificationOutcome.DISCREPANCY
    ),
    "确认过的正式挂失，社保卡都已挂失或注销": confirmed_on_a_card_in_use,
    "补换中的旧卡都已正式挂失": replacing_a_card_in_use,
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
    assert list(rule.breaches(NOW)) == []
    row = BREAKS[says]()
    assert str(row) in [str(found) for found in rule.breaches(NOW)]


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
