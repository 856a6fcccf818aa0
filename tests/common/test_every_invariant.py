"""Each rule of `verify_integrity` can fail: the row that is broken behind the services is named."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.common import integrity
from apps.common.moments import day_of
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.lifecycle import engine
from apps.lifecycle.models import Setback
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.payments.enums import NotificationOutcome, PaymentAction
from apps.payments.models import PaymentNotification
from apps.requests.models import Amendment, DiscardedFile
from apps.requests.policies import settled_after
from tests.factories.cards import make_card, make_request, submit
from tests.factories.formal_losses import make_formal_loss, make_replacement_draft
from tests.factories.payments import make_paid, make_payment
from tests.factories.people import make_reviewer
from tests.source_code import ROOT

pytestmark = pytest.mark.django_db
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


BREAKS = {
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


def test_each_rule_is_broken_by_a_test():
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in ELSEWHERE)
    untried = [rule.says for rule in integrity.invariants() if rule.says not in BREAKS]
    assert [says for says in untried if f'"{says}"' not in text] == []
