"""The lines of the list, drawn: a line that says the same as before is not drawn again.

A template takes a quarter of a millisecond for a line, and of the lines that one reviewer sees most
were seen a moment ago. What a line says is read for every page (`LineFacts`). Its words and its
HTML are made once for these facts, and kept in each process for the last lines.
"""

from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from apps.cards.enums import RequestStatus
from apps.common.addresses import row_url
from apps.common.kept_html import KeptHtml
from apps.common.templatetags.formats import day, moment, promise, this_year, time_of_day
from apps.common.visibility import shown
from apps.desk.colleagues import named
from apps.risks.rules import RISKS


class LineFacts(NamedTuple):
    """All that a line says, as it was read. `_line` may read nothing that is not here."""

    reference: str
    matter: str
    name: str
    department: str
    number: str  # 工号
    city: str
    bank: str
    handed_in_at: datetime
    status: str
    status_since: datetime
    risks: tuple[str, ...]  # codes
    days_overdue: int
    due: str  # in words: they say whether the holidays of that year are known
    until_date: date | None
    recall_until: datetime | None
    is_handed_over: bool
    has_account: bool
    is_mine: bool
    holder: str  # the colleague who holds it
    held_at: datetime | None
    is_party: bool
    action: str  # the word on the button, "" without one
    action_url: str
    year: int  # a day of another year is written with it


class Line(NamedTuple):
    """All that `row.html` draws, in words. It may name nothing that is not here."""

    url: str
    phone_url: str
    name: str
    risks: tuple[tuple[str, str], ...]  # (label, text)
    tags: tuple[tuple[str, str], ...]  # (class, text)
    reference: str
    matter: str
    department: str
    number: str
    city: str
    bank: str
    handed_in: str
    days_overdue: int
    due: str
    status: str
    since: str
    recall_until: str
    is_mine: bool
    holder: str
    held: str
    is_party: bool
    action: str
    action_url: str


def _line(facts):
    return Line(
        url=row_url("admin:cards_cardrequest_change", facts.reference),
        phone_url=row_url("admin:cards_cardrequest_phone", facts.reference),
        name=shown(facts.name, "list.name"),
        risks=tuple((RISKS[code].label, RISKS[code].text) for code in facts.risks),
        tags=tuple(_tags(facts)),
        reference=facts.reference,
        matter=facts.matter,
        department=facts.department,
        number=shown(facts.number, "list.employee_number"),
        city=facts.city,
        bank=facts.bank,
        handed_in=day(facts.handed_in_at),
        days_overdue=facts.days_overdue,
        due=facts.due,
        status=RequestStatus(facts.status).label,
        since=moment(facts.status_since),
        recall_until=time_of_day(facts.recall_until),
        is_mine=facts.is_mine,
        holder=facts.holder,
        held=time_of_day(facts.held_at),
        is_party=facts.is_party,
        action=facts.action,
        action_url=facts.action_url,
    )


def _tags(facts):
    if facts.is_handed_over:
        yield "tag", "已移交本人"
        if not facts.has_account:
            yield "tag warn", "本人没有账户"
    if facts.until_date:
        yield "tag", f"{day(facts.until_date)}再办"


_DRAWN = KeptHtml(
    "case_list/row.html",
    most=2_000,
    words=lambda facts, trail: {"line": _line(facts), "trail": trail},
)


def drawn(rows, *, trail, csrf_token):
    """The HTML of `rows`, a list of `QueueRow`; `trail` is what their addresses carry."""
    year, due = this_year(), cache(promise)
    found = [{"facts": _facts(row, due, year), "trail": trail} for row in rows]
    return _DRAWN.joined(found, csrf_token=csrf_token)


def _facts(row, due, year):
    card_request, hold = row.card_request, row.hold
    claim, offer = hold.claim, hold.offer
    return LineFacts(
        reference=card_request.reference,
        matter=card_request.matter,
        name=card_request.declared_name or card_request.holder.name,
        department=card_request.department or "",
        number=card_request.employee_number,
        city=card_request.city_name,
        bank=card_request.bank_name,
        handed_in_at=card_request.handed_in_at,
        status=card_request.status,
        status_since=card_request.status_since,
        risks=tuple(risk.code for risk in row.risks),
        days_overdue=row.days_overdue,
        due=due(row.promise_date),
        until_date=row.until_date,
        recall_until=row.recall_until,
        is_handed_over=row.handling.is_handed_over,
        has_account=card_request.holder.user_id is not None,
        is_mine=hold.is_mine,
        holder=named(claim.by) if claim and not hold.is_mine else "",
        # Until when for the reader's own claim, since when for that of a colleague.
        held_at=claim and (claim.lapses_at if hold.is_mine else claim.claimed_at),
        is_party=hold.is_party,
        action=offer.action.label if offer.is_open else "",
        action_url=offer.url if offer.is_open else "",
        year=year,
    )
