"""The small world with a row of everything that the admin shows, and with the roles of its users.

Add a line for each new kind of row: a page without a row cannot be tested.
"""

from datetime import date, timedelta

from django.utils import timezone

from apps.bills import booking
from apps.bills import services as bills
from apps.bills.models import ClosedMonth
from apps.bureau import production
from apps.bureau.models import BureauReport, ProductionOrder
from apps.bureau_desk import services as bureau
from apps.cards.enums import Stage
from apps.common.moments import day_of
from apps.delivery.enums import DeliveryMethod
from apps.delivery.models import Shipment
from apps.desk import roles
from apps.desk.absences.services import set_absence
from apps.desk.claims import services as claims
from apps.desk.looking import services
from apps.exports.models import ExportedRequest
from apps.gateways.port import GatewayReport, TradeState
from apps.my_data import services as my_data
from apps.notices.services import collect
from apps.operations.models import Alarm
from apps.payments import settlement
from apps.payments.enums import NotificationOutcome
from apps.payments.models import PaymentNotification
from apps.person_changes import services as person_changes
from apps.person_changes.enums import EvidenceKind, PersonChangeKind
from apps.regions.enums import DayKind
from apps.regions.models import ArrangedDay
from apps.requests.models import DiscardedFile, StageDuration
from tests.factories.boxes import make_day, make_waiting
from tests.factories.bureau import csv_lines, receive
from tests.factories.cards import AT, withdraw
from tests.factories.loss_reports import make_loss_report
from tests.factories.offers import make_offer
from tests.factories.payments import confirm, make_paid, make_payable, make_payment
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_user
from tests.factories.regions import let_the_unit_collect
from tests.world import make_world

NO_ROLE = "没有角色"
ROOT = "超级用户"
EVERYBODY = (*roles.ROLES, NO_ROLE, ROOT)


def member_of_staff(role):
    """Somebody who may enter the admin: in a role, in none, or with all rights."""
    if role in roles.ROLES:
        return make_colleague(role)
    return make_user(is_staff=True, is_superuser=role == ROOT)


def make_whole_world():
    """A `World` behind every URL of the admin."""
    world = make_world()
    at = timezone.now()
    make_loss_report(at=AT + timedelta(days=1))
    _produce(at)
    world.more |= _make_bureau_rows(at)
    world.more |= _make_money(at)
    Alarm.objects.create(check_key="broker", says="消息队列连不上。", began_at=at, ended_at=at)
    world.more |= _make_boxes()
    correction = my_data.ask(
        holder=world.owner, topic="IDENTITY", text="民族", by=world.owner.user, at=at
    )
    world.more["admin:my_data_correction_"] = correction
    away = make_reviewer()
    world.more["admin:desk_absence_"] = set_absence(
        user=away, first=day_of(at), last=day_of(at), deputy=None, by=away, at=at
    )
    world.more["admin:person_changes_personchange_"] = person_changes.propose(
        kind=PersonChangeKind.EMPLOYEE_NUMBER,
        holder=make_holder(),
        new_number="D20260001",
        evidence_kind=EvidenceKind.APPOINTMENT,
        evidence="转正文件",
        reason="转正",
        by=make_reviewer(),
        at=at,
    )
    make_offer(world.owner, at=at)
    ExportedRequest.objects.create(export=world.export, card_request=world.card_request)
    collect(at=at, limit=200)
    DiscardedFile.objects.create(name="portraits/gone.jpg", discarded_at=at, next_try_at=at)
    StageDuration.objects.create(
        city=world.card_request.city,
        stage=Stage.REVIEW,
        median_days=1,
        p90_days=2,
        sample=30,
        computed_at=at,
    )
    year = day_of(at).year + 2
    ArrangedDay.objects.create(year=year, day=date(year, 1, 1), kind=DayKind.OFF, name="元旦")
    PaymentNotification.objects.create(
        gateway="sandbox",
        digest="0" * 64,
        is_verified=False,
        outcome=NotificationOutcome.FORGED,
        received_at=at,
    )
    # Not the name of the person.
    Shipment.objects.filter(method=DeliveryMethod.MAIL).update(recipient="李收件")
    claims.claim(subject=world.card_request, by=make_reviewer(), at=at)
    claims.take_over(subject=world.card_request, by=make_reviewer(), at=at)
    services.disclose(
        subject=world.card_request,
        what="社会保障号码",
        reason="核对",
        by=make_reviewer(),
        at=at,
    )
    return world


def _make_boxes():
    """A box with a card that waits at the unit, and a hand-out day, by URL."""
    handler, chemist = make_colleague(roles.HANDER), make_holder(department="化学学院")
    let_the_unit_collect()
    row = make_waiting(handler, at=timezone.now(), holder=chemist)
    return {
        "admin:handout_box_": row.box,
        "admin:handout_boxcard_": row,
        "admin:handout_department_": row.department,
        "admin:handout_handoutday_": make_day(handler, at=timezone.now()),
    }


def _produce(at):
    """Send the approved requests to the bureau, and apply its reports."""
    production.make_batch(at=at, limit=10)
    production.submit_batches(at=at, limit=10)
    production.fetch_reports(at=at + timedelta(days=30))


def _make_money(at):
    """A refund that the gateway refused, and a second payment of one order, by URL."""
    stuck = make_payment(card_request=make_payable(at=at - timedelta(hours=2)), at=at)
    withdraw(stuck.card_request, at=at)
    confirm(stuck, at=at)
    settlement.stall_refund(payment=stuck, code="ACQ.SELLER_BALANCE_NOT_ENOUGH", at=at)
    paid = make_paid(card_request=make_payable(at=at - timedelta(hours=2)), at=at)
    second = GatewayReport(
        paid.reference, TradeState.PAID, "T-SECOND", amount_fen=paid.amount_fen, paid_at=at
    )
    settlement.apply(second, payment=paid, at=at)
    bill = bills.expect(gateway="sandbox", day=day_of(at) - timedelta(days=1), by=None, at=at)
    of_refunds = ("refund", "retry", "settle_refund", "note_refund")
    return {
        **{f"admin:payments_discrepancy_{name}": stuck for name in of_refunds},
        "admin:bills_dailybill_": bill,
        "admin:bills_closedmonth_": _close_a_month(at),
        "admin:payments_discrepancy_": paid.discrepancies.get(),
    }


def _close_a_month(at):
    """A month in which nothing was paid, long before the first payment."""
    sums = booking.sums([], 0)
    month = booking.month_of(at - timedelta(days=400))
    return ClosedMonth.objects.create(
        gateway="alipay",
        month=month,
        **sums,
        open_differences=0,
        closed_at=at,
        closed_by=make_colleague(roles.FINANCE),
    )


def _make_bureau_rows(at):
    """What the desk of the bureau shows, by the beginning of the names of its URLs."""
    order = ProductionOrder.objects.first()
    file = receive(csv_lines(f"HP-1,{order.reference},MADE"), at=at)  # cut short
    upload = bureau.keep_upload(
        name="回盘.csv", data=csv_lines("HP-2"), by=make_colleague(roles.SUPERVISOR), at=at
    )
    return {
        "admin:bureau_bureaufile_change": file,
        "admin:bureau_bureaufile_": upload,
        "admin:bureau_productionbatch_": order.batch,
        "admin:bureau_bureaureport_": BureauReport.objects.first(),
        "admin:bureau_quarantinedline_": file.quarantined.get(),
    }
