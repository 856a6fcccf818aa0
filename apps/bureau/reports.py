"""Stores the bureau's reports: each file once and each line once, however often they arrive.

`applying` applies them.
"""

from django.db import transaction

from apps.bureau.enums import LineAction, ReportAction, ReportKind
from apps.bureau.models import BureauFile, BureauReport, QuarantinedLine
from apps.bureau.port import OrderReport
from apps.encryption.fields import blind_index, blind_indexes
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.sweep import CHUNK

CONFLICT = "这个回盘编号以前报过不同的内容，以先收到的为准。"


@transaction.atomic
def store(*, file, by, at, bureau=""):
    """Store the `ReportFile` and its reports. Returns its `BureauFile`, and whether it is new.

    `by` is the user who uploaded it, or None for the worker, which names the `bureau`. A file that
    was stored before changes nothing. Raises IntegrityError when another worker stores the same
    reports at this moment.
    """
    row, is_new = BureauFile.objects.get_or_create(
        sha256=file.sha256,
        refusal=file.refusal,
        defaults={
            "name": file.name[:100],
            "direction": BureauFile.Direction.IN,
            "exchanged_at": at,
            "exchanged_by": by,
            "bureau": bureau,
        },
    )
    if not is_new or file.refusal:
        return row, is_new
    fresh, broken = sort(file.lines)
    receive(reports=[line.report for line in fresh], file=row, by=by, at=at)
    row.good, row.broken = len(fresh), _set_aside(row, broken, by=by, at=at)
    row.repeated = len(file.lines) - row.good - row.broken
    row.save(update_fields=["good", "broken", "repeated"])
    return row, True


def receive(*, reports, file, by, at):
    """Save new `OrderReport`s of `file`. Returns the keys of their rows.

    `by` is the user who uploaded them, or None for the worker.
    """
    return [
        pk
        for first in range(0, len(reports), CHUNK)
        for pk in engine.begin_rows(
            BureauReport,
            _columns(reports[first : first + CHUNK], file=file, at=at),
            ReportAction.RECEIVE,
            at=at,
            **_who(by),
        )
    ]


def _who(by):
    return {"by": by, "role": Role.STAFF, "channel": Channel.ADMIN} if by else AS_WORKER


def sort(lines):
    """(the `lines` with a new report, (line, fault) of those for quarantine).

    The other lines repeat what is stored, or an earlier line.
    """
    readable = [line for line in lines if line.report]
    known = {
        reference: _said(row)
        for reference, row in BureauReport.objects.in_bulk(
            {line.report.reference for line in readable}, field_name="reference"
        ).items()
    }
    fresh, broken = [], []
    for line in lines:
        if line.report is None:
            broken.append((line, line.fault))
        elif line.report.reference not in known:
            known[line.report.reference] = line.report
            fresh.append(line)
        elif known[line.report.reference] not in (None, line.report):
            broken.append((line, CONFLICT))
    return fresh, broken


def _columns(reports, *, file, at):
    """{column: its values} of the rows of the `OrderReport`s."""
    count = len(reports)
    return {
        "reference": [one.reference for one in reports],
        "order_reference": [one.order_reference for one in reports],
        "kind": [str(one.kind) for one in reports],
        "reported_at": [one.at for one in reports],
        "card_number": [one.card_number for one in reports],
        "carrier": [one.carrier for one in reports],
        "tracking_number": [one.tracking_number for one in reports],
        "failure": [one.failure for one in reports],
        "file": [file and file.pk] * count,
        "received_at": [at] * count,
        "next_try_at": [at] * count,
    }


def _said(row):
    """The `OrderReport` that `row` was made from; None once its numbers are forgotten."""
    if row.forgotten_at is not None:
        return None
    return OrderReport(
        reference=row.reference,
        order_reference=row.order_reference,
        kind=ReportKind(row.kind),
        at=row.reported_at,
        card_number=row.card_number,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        failure=row.failure,
    )


def _set_aside(file, broken, *, by, at):
    """Put the broken lines into quarantine, each once. Returns how many are new."""
    rows = {
        blind_index(line.content): QuarantinedLine(
            file=file, number=line.number, content=line.content, fault=fault, received_at=at
        )
        for line, fault in reversed(broken)
    }
    indexes = [key for row in rows.values() for key in blind_indexes(row.content)]
    known = set(
        QuarantinedLine.objects.filter(content_index__in=indexes).values_list(
            "content_index", flat=True
        )
    )
    new = [row for row in rows.values() if known.isdisjoint(blind_indexes(row.content))]
    new.sort(key=lambda row: row.number)
    engine.begin_all(new, LineAction.SET_ASIDE, at=at, **_who(by))
    return len(new)
