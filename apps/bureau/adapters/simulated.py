"""A bureau that works through its orders after configurable delays, without any outside party.

It reports as a real one does, in files of the agreed format.
"""

from django.conf import settings

from apps.bureau.adapters import report_file
from apps.bureau.enums import ReportKind
from apps.bureau.models.production import SimulatedJob
from apps.bureau.port import MAIN, OrderReport
from apps.common.moments import day_of

# The first character of a card number is the vehicle-plate letter of the issuing city.
PLATE_LETTERS = {
    "370100": "A", "370200": "B", "370300": "C", "370400": "D", "370500": "E", "370600": "F",
    "370700": "G", "370800": "H", "370900": "J", "371000": "K", "371100": "L", "371300": "Q",
    "371400": "N", "371500": "P", "371600": "M", "371700": "R",
}  # fmt: skip
OTHER_CITY = "Z"


class SimulatedBureau:
    """Delays come from settings; every n-th order, or one ticked in the admin, fails."""

    takes_addresses = False
    wants_particulars = False

    def __init__(self, name=MAIN):
        self.name = name

    def submit(self, batch_reference, lines, *, created_at, at):
        made_at = at + settings.SIMULATED_BUREAU_PRODUCTION
        sent_at = made_at + settings.SIMULATED_BUREAU_DISPATCH
        SimulatedJob.objects.bulk_create(
            [
                SimulatedJob(
                    order_reference=line.reference,
                    bureau=self.name,
                    city_code=line.city_code,
                    is_pickup=line.is_pickup,
                    is_by_unit=line.is_by_unit,
                    received_at=at,
                    made_at=made_at,
                    sent_at=sent_at,
                )
                for line in lines
            ],
            ignore_conflicts=True,
        )
        return []

    def tell_address(self, name, line, *, at):
        """It keeps no addresses."""
        return []

    def fetch(self, *, at):
        reports = list(_reports(self.name, at))
        if reports:
            name = f"simulated-{reports[0].order_reference}-{len(reports)}.csv"
            yield report_file.read(name, report_file.write(reports), at=at)

    def acknowledge(self, file):
        reports = [line.report for line in file.lines if line.report]
        made = [r.order_reference for r in reports if r.kind != ReportKind.SENT]
        sent = [r.order_reference for r in reports if r.kind == ReportKind.SENT]
        SimulatedJob.objects.filter(order_reference__in=made).update(is_made_reported=True)
        SimulatedJob.objects.filter(order_reference__in=sent).update(is_sent_reported=True)

    def forget(self, *, before):
        """Nothing to delete: this bureau keeps its jobs in a table and no files."""


def _reports(bureau, at):
    for job in SimulatedJob.objects.unreported(bureau, at):
        if not job.is_made_reported:
            yield _made_or_failed(job)
        if not job.is_faulty and not job.is_sent_reported and job.sent_at <= at:
            yield _sent(job)


def _made_or_failed(job):
    if job.is_faulty:
        return OrderReport(
            reference=f"{job.order_reference}-FAILED",
            order_reference=job.order_reference,
            kind=ReportKind.FAILED,
            at=job.made_at,
            failure="银行预开户失败",
        )
    letter = PLATE_LETTERS.get(job.city_code, OTHER_CITY)
    return OrderReport(
        reference=f"{job.order_reference}-MADE",
        order_reference=job.order_reference,
        kind=ReportKind.MADE,
        at=job.made_at,
        card_number=f"{letter}{job.pk:08d}",
    )


def _sent(job):
    carrier, tracking_number = _parcel(job)
    return OrderReport(
        reference=f"{job.order_reference}-SENT",
        order_reference=job.order_reference,
        kind=ReportKind.SENT,
        at=job.sent_at,
        carrier=carrier,
        tracking_number=tracking_number,
    )


def _parcel(job):
    """(carrier, tracking number). Cards for the unit travel together: one box a day."""
    if job.is_pickup:
        return "银行网点", ""
    if job.is_by_unit:
        return "专人送达", f"X{day_of(job.sent_at).isoformat()}"
    return "EMS", f"1{job.pk:012d}"
