"""Report files as the bureau writes them, and the two folders of the exchange."""

import os
from datetime import timedelta

from django.utils import timezone

from apps.bureau import applying, production, reports
from apps.bureau.adapters import report_file
from apps.bureau.enums import ReportKind
from apps.bureau.models import ProductionOrder
from apps.bureau.port import OrderReport
from apps.cards.enums import RequestStatus
from tests.factories.cards import AT, make_request

LATER = AT + timedelta(hours=1)
# When the reports of the tests are received.
HEARD = AT + timedelta(days=10)


def make_orders(number):
    """The orders of that many approved requests, in one batch that the bureau has."""
    for _ in range(number):
        make_request(RequestStatus.APPROVED)
    production.make_batch(at=LATER, limit=number)
    production.submit_batches(at=LATER, limit=10)
    return list(ProductionOrder.objects.live().order_by("-pk")[:number])[::-1]


def made(order, *, card_number="A00000001", at=AT + timedelta(days=4), suffix=""):
    return OrderReport(
        reference=f"{order.reference}-MADE{suffix}",
        order_reference=order.reference,
        kind=ReportKind.MADE,
        at=at,
        card_number=card_number,
    )


def sent(order, *, tracking_number="1000000000001", at=AT + timedelta(days=7), suffix=""):
    return OrderReport(
        reference=f"{order.reference}-SENT{suffix}",
        order_reference=order.reference,
        kind=ReportKind.SENT,
        at=at,
        carrier="EMS",
        tracking_number=tracking_number,
    )


def failed(order, *, failure="银行预开户失败", at=AT + timedelta(days=4), suffix=""):
    return OrderReport(
        reference=f"{order.reference}-FAILED{suffix}",
        order_reference=order.reference,
        kind=ReportKind.FAILED,
        at=at,
        failure=failure,
    )


def csv_lines(*lines):
    """The bytes of a report file with these lines, text or bytes, below the header."""
    rows = [",".join(report_file.COLUMNS), *lines]
    return b"".join((row.encode() if isinstance(row, str) else row) + b"\r\n" for row in rows)


def line_of(report):
    """The line of one report as text."""
    return report_file.write([report]).decode().splitlines()[1]


def receive(data, *, name="回盘.csv", by=None, at=HEARD):
    """Store a report file; returns its `BureauFile`."""
    return reports.store(file=report_file.read(name, data, at=at), by=by, at=at)[0]


def hear(*said, at=HEARD):
    """Store these reports as one file, and apply them."""
    row = receive(report_file.write(said), at=at)
    applying.apply_due(at=at, limit=1000)
    return row


def put_report(folder, name, data, *, checksum=None, age=timedelta(hours=1), at=None):
    """Put a report file with its checksum into `folder`, last touched `age` before `at`."""
    moment = ((at or timezone.now()) - age).timestamp()
    for path, content in (
        (folder / name, data),
        (folder / f"{name}.sha256", f"{checksum or report_file.checksum(data)}  a.csv\n".encode()),
    ):
        path.write_bytes(content)
        os.utime(path, (moment, moment))
