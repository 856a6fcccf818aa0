"""Rows of the unit, production, bills, people and the desk that break a rule, as broken_rows.py."""

from datetime import date, timedelta

from apps.bills import services as bills
from apps.bills.models import BillLine, ClosedMonth
from apps.bulk.models import BulkRow, BulkRun
from apps.bureau.models import BureauReport
from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from apps.desk import roles
from apps.events.enums import Channel, Role
from apps.exports.models import Export
from apps.handout.models import BoxCard
from apps.lifecycle import engine
from apps.onboarding.models import ReminderRow, ReminderRun
from apps.people.models import Consent, ConsentText, Guardianship
from apps.photo_import.models import ArchivedPicture, PhotoArchive
from apps.reporting.models import StandingCount
from apps.roster import services as rosters
from tests.common.broken_rows import EARLIER, NOW, write
from tests.factories.boxes import make_box, make_sent_to_unit, make_waiting
from tests.factories.bureau import hear, made, make_orders
from tests.factories.cards import make_calm, make_request
from tests.factories.people import (
    make_colleague,
    make_guardianship,
    make_holder,
    make_id_number,
    make_reviewer,
    make_ward,
)


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


def consent_that_nobody_gave():
    holder = make_holder()
    return Consent.objects.create(
        user=holder.user, holder=holder, kind="FACE", text_version="2026-01-01-0", given_at=NOW
    )


def text_that_nobody_read():
    return ConsentText.objects.create(
        kind="FACE", version="2026-01-01-0", words="另一篇", first_given_at=NOW
    )


def barely_older_than_the_child():
    guardian = make_holder()
    make_ward(guardian, birth_date=date(2018, 6, 1))
    guardian.birth_date = date(2006, 6, 2)
    guardian.save(update_fields=["birth_date"])
    return Guardianship.objects.get()


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


def photo_archive(status, **columns):
    row = PhotoArchive(purpose="REFERENCE", file="photo-archives/x", at=EARLIER)
    row.by = make_colleague(roles.SUPERVISOR)
    engine.begin(row, "UPLOAD", by=row.by, role=Role.STAFF, at=EARLIER, channel=Channel.ADMIN)
    ArchivedPicture.objects.create(archive=row, place=0, file="1.jpg")
    write(row, status=status, **columns)
    return row


def export(status, **columns):
    row = Export(
        by=make_reviewer(), format="CSV", scope="全部", expected_rows=1, created_at=EARLIER
    )
    engine.begin(row, "ORDER", by=row.by, role=Role.REVIEWER, at=EARLIER, channel=Channel.ADMIN)
    if columns:
        write(row, status=status, **columns)
    return row


def counted_too_often():
    """What is said of a tally in which nothing counts what it holds."""
    StandingCount.objects.create(week_date=day_of(EARLIER), standing="SUBMITTED", number=3)
    return f"每周提交的申请现在的件数 {day_of(EARLIER)}、SUBMITTED：3，应为 0"


def not_counted():
    return make_request(RequestStatus.SUBMITTED, at=EARLIER).events.last()
