"""Previews what a report file would do, line by line. Stores nothing."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import models

from apps.bureau import applying, reports
from apps.bureau.enums import ReportKind
from apps.bureau.models import BureauFile, ProductionOrder
from apps.bureau.port import ReportLine
from apps.bureau.standing import ReportVerdict, judge, standing
from apps.cards.enums import RequestStatus
from apps.cards.models import Card


class LineOutcome(models.TextChoices):
    """What would become of a line, in the order in which people look at them."""

    BROKEN = "broken", "有错，会隔离"
    REFUSED = "refused", "现在不能登记"
    WAITS = "waits", "等前一步"
    APPLIES = "applies", "会登记"
    REPEATED = "repeated", "重复，不变"


_OUTCOMES = {
    ReportVerdict.APPLIES: LineOutcome.APPLIES,
    ReportVerdict.REPEATED: LineOutcome.REPEATED,
    ReportVerdict.EARLY: LineOutcome.WAITS,
    ReportVerdict.REFUSED: LineOutcome.REFUSED,
}


@dataclass
class LinePreview:
    """A line, its outcome, the outcome in words, and the order that it is about, if any."""

    line: ReportLine
    outcome: LineOutcome
    words: str
    order: ProductionOrder | None = None


def is_known(file):
    """Whether the `ReportFile` was stored before."""
    return BureauFile.objects.filter(sha256=file.sha256, refusal="").exists()


def preview(file):
    """A `LinePreview` for each line of the `ReportFile`, in a constant number of queries."""
    fresh, broken = reports.sort(file.lines)
    found = {line.number: LinePreview(line, LineOutcome.BROKEN, fault) for line, fault in broken}
    found |= {seen.line.number: seen for seen in _of_orders(fresh)}
    return [
        found.get(
            line.number, LinePreview(line, LineOutcome.REPEATED, "以前收到过，或与前面的行相同")
        )
        for line in file.lines
    ]


def _of_orders(lines):
    orders = (
        ProductionOrder.objects.select_related(
            "batch", "card_request__card", "card_request__particulars"
        )
    ).in_bulk({line.report.order_reference for line in lines}, field_name="reference")
    taken = Card.objects.numbers_taken(
        {line.report.card_number for line in lines if line.report.card_number}
    )
    of_order = defaultdict(list)
    for line in lines:
        of_order[line.report.order_reference].append(line)
    for reference, own in of_order.items():
        order = orders.get(reference)
        if order is None:
            for line in own:
                yield LinePreview(line, LineOutcome.REFUSED, applying.UNKNOWN_ORDER)
        else:
            yield from _of_order(order, own, taken)


def _of_order(order, lines, taken):
    """The lines of one order in the order in which they would be applied."""
    now = standing(order)
    left = sorted(lines, key=lambda line: (line.report.at, line.number))
    while left:
        waiting = []
        for line in left:
            verdict, why_not, after = judge(now, line.report)
            if verdict == ReportVerdict.EARLY:
                waiting.append(line)
                continue
            if verdict == ReportVerdict.APPLIES and line.report.card_number in taken:
                verdict, why_not, after = ReportVerdict.REFUSED, applying.NUMBER_TAKEN, now
            words = why_not or _step(now, after)
            yield LinePreview(line, _OUTCOMES[verdict], words, order)
            now = after
        if len(waiting) == len(left):
            for line in waiting:
                yield LinePreview(line, LineOutcome.WAITS, "等「制卡成功」登记以后再登记", order)
            return
        left = waiting


def _step(before, after):
    if before == after:
        return f"已经是「{RequestStatus(before.status).label}」"
    return f"{RequestStatus(before.status).label} → {RequestStatus(after.status).label}"


def summary(foresights):
    """(`LineOutcome`, number of lines) of every outcome there is."""
    return [
        (outcome, number)
        for outcome in LineOutcome
        if (number := sum(seen.outcome == outcome for seen in foresights))
    ]


def label_of(line):
    """What a line reports, as a word."""
    return ReportKind(line.report.kind).label if line.report else "读不出"
