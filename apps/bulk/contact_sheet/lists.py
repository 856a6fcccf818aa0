"""What a contact sheet shows of each request: a fixed number of queries for all of them."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.http import QueryDict

from apps.bulk import checks
from apps.bulk.contact_sheet.pictures import HEIGHT, WIDTH
from apps.bulk.models import BulkRow
from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.case_list import pages
from apps.review import filters
from apps.review.filters import RequestFilter
from apps.risks import finding as risks
from apps.risks.rules import Risk
from apps.verification.models import Check
from apps.verification.portrait_measures import overlay

SIZE = 24
EDGE = 1  # a browser that scales the picture mixes the pixels at the edge with those beside them


@dataclass(frozen=True)
class PortraitCell:
    """One request on the sheet. `why_not` says why it cannot be approved from here, or nothing."""

    number: int
    card_request: CardRequest
    top: int
    risks: list[Risk]
    why_not: str
    distance: float | None = None
    wrong_measures: list[str] = field(default_factory=list)
    is_measured: bool = False
    is_marked: bool = True  # to be approved, unless it was taken out

    @property
    def holder(self):
        return self.card_request.holder

    @property
    def department(self):
        holder = getattr(self.card_request.applicant, "holder", None)
        return holder.department if holder else ""


@dataclass(frozen=True)
class Screen:
    """The requests of one sheet, and the cursor of the next one, "" at the end."""

    requests: list[CardRequest]
    after: str
    words: list[tuple[str, str]]


def screen(query, *, after, by, at):
    """The `Screen` of the list with the query string `query` beyond the cursor `after`.

    Only what `by` may decide stands on it, in the order of the list; not what somebody has marked
    on another sheet and the worker approves in a moment.
    """
    listed = filters.listed(query, by=by, at=at)
    marked = BulkRow.objects.to_decide().filter(card_request=OuterRef("pk"))
    waiting = listed.to_decide.filter(~Exists(marked)).select_related(
        "particulars__guardian", "holder", "applicant__holder", "city", "bank"
    )
    page = pages.page(
        waiting,
        since=listed.since,
        newest_first=listed.newest_first,
        after=after,
        size=SIZE,
    )
    chosen = RequestFilter.read(QueryDict(query)).chosen
    return Screen(page.requests, page.after, chosen or [("环节", "待审核")])


def cells(sheet, *, taken_out, by, at):
    """A `PortraitCell` for each request of `sheet`, in its order.

    `taken_out` are references of requests that `by` has unticked before.
    """
    prints = sheet.prints.select_related(
        *(f"card_request__{name}" for name in checks.RELATED), "card_request__applicant__holder"
    ).order_by("place")
    requests = [each.card_request for each in prints]
    shown = {(row.pk, row.status_since) for row in requests}
    reasons = checks.why_not(
        requests, action=RequestAction.APPROVE, what={}, by=by, at=at, shown=shown
    )
    present = risks.for_requests(requests)
    distances = _distances(requests)
    return [
        _cell(
            place,
            row,
            present[row.pk],
            why_not=reasons.get(row.pk, ""),
            distance=distances.get(row.pk),
            is_marked=row.reference not in taken_out,
        )
        for place, row in enumerate(requests)
    ]


def _cell(place, card_request, present, **judged):
    measures = overlay(card_request.particulars.portrait_findings).measures
    measured = [measure for measure in measures if measure.is_ok is not None]
    return PortraitCell(
        number=place + 1,
        card_request=card_request,
        top=place * HEIGHT + EDGE,
        risks=present,
        wrong_measures=[measure.label for measure in measured if not measure.is_ok],
        is_measured=bool(measured),
        **judged,
    )


def _distances(requests):
    """{pk: the face distance of the latest check that compared one}."""
    checked = Check.objects.filter(card_request__in=requests, score__isnull=False)
    return dict(checked.order_by("pk").values_list("card_request", "score"))


def size(count):
    """(width, height) of the picture of `count` requests, and of one portrait in it."""
    return {"width": 2 * WIDTH, "height": count * HEIGHT, "cell": HEIGHT - 2 * EDGE}
