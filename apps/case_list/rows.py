"""The rows of the list of requests, with a fixed number of queries for all of them."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F

from apps.cards.enums import Handling
from apps.cards.models import CardRequest
from apps.common.addresses import row_url
from apps.common.moments import day_of
from apps.desk.claims.live import asks_claims
from apps.desk.claims.offers import Hold, holds_of
from apps.desk.models import Postponement
from apps.people.permissions import asks_near_keys
from apps.queries.prepared import PreparedQuery, rounded
from apps.recall.policies import decisions_of, why_not_recallable
from apps.requests.policies import recallable_until
from apps.review import queue
from apps.risks import finding
from apps.risks.rules import Risk


@dataclass(frozen=True)
class QueueRow:
    """One request; `hold` is its `Hold` for the reader."""

    card_request: CardRequest
    hold: Hold
    handling: Handling
    risks: list[Risk] = field(default_factory=list)
    promise_date: date | None = None
    days_overdue: int = 0
    until_date: date | None = None  # the reader has put it away until then
    recall_until: datetime | None = None  # the decision on it can be taken back until then

    @property
    def url(self):
        return row_url("admin:cards_cardrequest_change", self.card_request.reference)


def with_columns(requests):
    """`requests` with only the columns that a row shows: no encrypted column is read.

    What is shown of other rows is an attribute: making these rows took longer than reading them.
    `department` and `employee_number` are those of the person, or of the guardian of a child.
    """
    return (
        requests.select_related("holder")
        .only(
            "reference",
            "kind",
            "replacement_reason",
            "status",
            "status_since",
            "review_since",
            "submitted_at",
            "holder",
            "applicant",
            "old_card",
            "holder__name",
            "holder__user_id",
            "holder__birth_date",
        )
        .annotate(
            declared_name=F("particulars__name"),
            city_name=F("city__name"),
            bank_name=F("bank__name"),
            employee_number=F("applicant__employee_number"),
            department=F("applicant__holder__department"),
        )
    )


_ROWS = PreparedQuery(
    lambda keys: with_columns(CardRequest.objects.filter(keys.holds("pk"))), keys=CardRequest
)


def of_keys(keys):
    """The requests with the primary keys `keys`, those of one page, in that order."""
    found = {card_request.pk: card_request for card_request in _ROWS.read(keys=rounded(keys))}
    return [found[key] for key in keys if key in found]


def asks(keys, *, user, at):
    """What `of_keys` and `rows` ask for of requests that wait, to be read together with others."""
    return [
        _ROWS.asks(keys=rounded(keys)),
        finding.asks_for_requests(keys),
        asks_near_keys(CardRequest, keys, user),
        asks_claims(CardRequest, keys, at=at),
    ]


def rows(requests, *, user, away, with_put_away, at):
    """A `QueueRow` for each of `requests`, a list of what `with_columns` read.

    `away` is what `why_absent` says of `user`. `with_put_away` says whether cases that `user` has
    put away may be among them.
    """
    # Risks are for those who decide: a request that does not wait shows none.
    waiting = [card_request for card_request in requests if queue.is_waiting(card_request)]
    risks = finding.for_requests(waiting)
    young = _recallable(requests, user=user, at=at)
    put_away = _put_away(requests, user=user, at=at) if with_put_away else {}
    today = day_of(at)
    return [
        _row(
            card_request,
            hold,
            risks=risks.get(card_request.pk, []),
            until_date=put_away.get(card_request.pk),
            recall_until=young.get(card_request.pk),
            handling=card_request.handling_at(at),
            today=today,
        )
        for card_request, hold in zip(
            requests, holds_of(requests, away=away, by=user, at=at), strict=True
        )
    ]


def _put_away(requests, *, user, at):
    """{pk: until which day} for those that `user` has put away."""
    mine = Postponement.objects.live(day_of(at)).filter(
        by=user, card_request__in=requests, at__gte=F("card_request__status_since")
    )
    return dict(mine.values_list("card_request", "until_date"))


def _recallable(requests, *, user, at):
    """{pk: until when} for those whose decision `user` can take back; no query without a young one.

    `user` may be somebody who only reads: `_row` leaves it out then.
    """
    until = {row.pk: recallable_until(row) for row in requests}
    young = [row for row in requests if until[row.pk] and at < until[row.pk]]
    if not young:
        return {}
    decided = decisions_of(young)
    refused = why_not_recallable(young, by=user, at=at, decisions=decided)
    return {pk: until[pk] for pk in decided if pk not in refused}


def _row(card_request, hold, *, risks, until_date, recall_until, handling, today):
    promise_date = queue.promise_of(card_request)
    return QueueRow(
        card_request=card_request,
        hold=hold,
        handling=handling,
        risks=risks,
        promise_date=promise_date,
        until_date=until_date,
        recall_until=None if hold.barred else recall_until,
        days_overdue=max((today - promise_date).days, 0) if promise_date else 0,
    )
