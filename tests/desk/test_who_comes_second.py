"""Two at the desk settle one thing: the second one reads who was first, and keeps the words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.bureau import production
from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauReport
from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.absences.services import set_absence
from apps.desk.models import Claim
from apps.desk.referrals import services as referrals
from apps.encryption import public_keys
from apps.gateways.port import GatewayReport, TradeState
from apps.my_data import services as my_data
from apps.payments import settlement
from apps.person_changes import services as person_changes
from apps.person_changes.enums import EvidenceKind, PersonChangeKind
from apps.requests import services as requests
from tests.factories.bureau import HEARD, LATER, failed, hear, made, make_orders
from tests.factories.cards import make_request, withdraw
from tests.factories.payments import confirm, make_paid, make_payable, make_payment
from tests.factories.people import make_colleague, make_holder, make_reviewer
from tests.shown import words_of

pytestmark = pytest.mark.django_db
FIRST, SECOND = "先来的人写的话", "后来的人写的话"


def an_hour_ago():
    return make_payable(at=timezone.now() - timedelta(hours=1))


def correction():
    holder, now = make_holder(), timezone.now()
    row = my_data.ask(holder=holder, topic="IDENTITY", text="民族", by=holder.user, at=now)
    address = reverse("admin:my_data_correction_change", args=[row.reference])
    return address, "text", {"result": "corrected"}


def refund():
    payment, now = make_payment(card_request=an_hour_ago(), at=timezone.now()), timezone.now()
    withdraw(payment.card_request, at=now)
    confirm(payment, at=now)
    settlement.stall_refund(payment=payment, code="ACQ.SELLER_BALANCE_NOT_ENOUGH", at=now)
    address = reverse("admin:payments_discrepancy_settle_refund", args=[payment.reference])
    return address, "settle-settlement", {}


def discrepancy():
    now = timezone.now()
    paid = make_paid(card_request=an_hour_ago(), at=now)
    second = GatewayReport(
        paid.reference, TradeState.PAID, "T-SECOND", amount_fen=paid.amount_fen, paid_at=now
    )
    settlement.apply(second, payment=paid, at=now)
    row = paid.discrepancies.get()
    address = reverse("admin:payments_discrepancy_settle", args=[row.reference])
    return address, "settle-settlement", {}


def order_on_hold():
    make_request("APPROVED")
    batch = production.make_batch(at=LATER, limit=10)
    order = batch.orders.get()
    production._hold(batch, {order.reference: "证件照片的文件不见了。"}, at=LATER)
    address = reverse("admin:bureau_productionbatch_send_back", args=[order.reference])
    return address, "back-reason", {}


def report_that_contradicts():
    [order] = make_orders(1)
    hear(made(order))
    hear(failed(order), at=HEARD + timedelta(hours=1))
    report = BureauReport.objects.exclude(status=ReportStatus.APPLIED).get()
    address = reverse("admin:bureau_bureaureport_dismiss", args=[report.reference])
    return address, "dismiss-reason", {}


def change_of_a_person():
    row = person_changes.propose(
        kind=PersonChangeKind.EMPLOYEE_NUMBER,
        holder=make_holder(),
        new_number="D20260001",
        evidence_kind=EvidenceKind.APPOINTMENT,
        evidence="转正文件",
        reason="转正",
        by=make_reviewer(),
        at=timezone.now(),
    )
    address = reverse("admin:person_changes_personchange_decline", args=[row.reference])
    return address, "decline-reason", {}


def two_at_the_desk():
    clients = Client(), Client()
    for client, name in zip(clients, ("吴先来", "周后来"), strict=True):
        client.force_login(make_holder(name=name, user=make_colleague(roles.SUPERVISOR)).user)
    return clients


@pytest.mark.sampled
@pytest.mark.parametrize(
    "prepare",
    [correction, refund, discrepancy, order_on_hold, report_that_contradicts, change_of_a_person],
)
def test_the_second_reads_who_was_first_and_keeps_the_words(prepare):
    address, field, others = prepare()
    first, second = two_at_the_desk()
    assert first.post(address, others | {field: FIRST}).status_code == 302
    answer = second.post(address, others | {field: SECOND}, follow=True).content.decode()
    assert "吴先来已于" in answer
    assert SECOND in answer
    assert "没有提交的内容" in answer


def put_away(case):
    tomorrow = day_of(timezone.now()) + timedelta(days=1)
    return "postpone", {"postpone-until_date": tomorrow, "postpone-reason": SECOND}


def ask_a_colleague(case):
    return "refer", {
        "refer-kind": "ASK",
        "refer-to": public_keys.of(make_reviewer()),
        "refer-note": SECOND,
    }


@pytest.mark.parametrize("errand", [put_away, ask_a_colleague])
@pytest.mark.parametrize("is_decided", [False, True])
def test_of_a_case_that_a_colleague_took_the_words_are_kept(errand, is_decided):
    case = make_request("ACCEPTED")
    first, second = two_at_the_desk()
    first.post(reverse("admin:cards_cardrequest_claim", args=[case.reference]))
    if is_decided:
        by = Claim.objects.get().by
        requests.reject(card_request=case, reason="照片不清楚", by=by, at=timezone.now())
    name, data = errand(case)
    answer = second.post(reverse(f"admin:cards_cardrequest_{name}", args=[case.reference]), data)
    page = words_of(answer)
    assert "吴先来已于" in page
    assert ("办理了「审核不通过」" in page) is is_decided
    assert SECOND in page
    assert "没有提交的内容" in page


def test_who_answers_a_colleague_after_a_deputy_reads_who_did():
    case, now = make_request("ACCEPTED"), timezone.now()
    deputy, asked, asking = (
        make_holder(name=name, user=make_reviewer()).user for name in ("吴先来", "周后来", "李问")
    )
    referrals.ask(subject=case, to=asked, note="请看", by=asking, at=now)
    today = day_of(now)
    set_absence(user=asked, first=today, last=today, deputy=deputy, by=asked, at=now)
    address = reverse("admin:cards_cardrequest_answer_colleague", args=[case.reference])
    for user, text in ((deputy, FIRST), (asked, SECOND)):
        client = Client()
        client.force_login(user)
        typed = {"text": text, "asked_at": now.isoformat()}
        answer = client.post(address, {f"answer_colleague-{key}": typed[key] for key in typed})
    page = words_of(answer)
    assert "吴先来于" in page
    assert "答复了同事，这里没有等您答复的问题了" in page
    assert SECOND in page
