"""Empties the numbers in old reports of the bureau, and the text of old lines.

What a report said of a card and a parcel stands with the card and the request.
"""

from django.conf import settings

from apps.bureau.models import BureauReport, QuarantinedLine
from apps.bureau.models.bureau import NOTHING_REPORTED
from apps.common.moments import began_before


def forget_reports(*, at, limit):
    """Empty reports that are over and came settings.REPORT_RETENTION ago. Returns how many."""
    due = BureauReport.objects.to_forget(began_before(at, settings.REPORT_RETENTION))
    oldest = due.order_by("pk").values("pk")[:limit]
    return BureauReport.objects.filter(pk__in=oldest).update(**NOTHING_REPORTED, forgotten_at=at)


def forget_lines(*, at, limit):
    """Empty lines that are settled and came settings.REPORT_RETENTION ago. Returns how many.

    The index stays, so that the same line in another file is still known.
    """
    due = QuarantinedLine.objects.to_forget(began_before(at, settings.REPORT_RETENTION))
    oldest = due.order_by("pk").values("pk")[:limit]
    return QuarantinedLine.objects.filter(pk__in=oldest).update(content="", forgotten_at=at)
