"""The lines of the list, drawn: a line that says the same as before is not drawn again.

A template takes a quarter of a millisecond for a line, and of the lines that one reviewer sees most
were seen a moment ago. What a line says is read and put into words for every page; only the HTML
around these words is kept, in each process, for the last lines.
"""

from typing import NamedTuple

from django.utils.safestring import SafeString

from apps.common.kept_html import KeptHtml
from apps.common.templatetags.formats import day, moment, promise, time_of_day
from apps.common.visibility import shown
from apps.desk.colleagues import named

_DRAWN = KeptHtml("review/listing/row.html", most=2_000)


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
    number: str  # 工号
    city: str
    bank: str
    handed_in: str
    days_overdue: int
    due: str
    status: str
    since: str
    recall_until: str
    is_mine: bool
    holder: str  # the colleague who holds it
    held: str  # until when for the reader's own claim, since when for that of a colleague
    is_party: bool
    action: str  # the word on the button, "" without one
    action_url: str


def drawn(rows, *, trail, csrf_token):
    """The HTML of `rows`, a list of `QueueRow`; `trail` is what their addresses carry."""
    drawn = (_DRAWN(line=_line(row), trail=trail, csrf_token=csrf_token) for row in rows)
    return SafeString("".join(drawn))


def _line(row):
    card_request, hold = row.card_request, row.hold
    claim, offer = hold.claim, hold.offer
    return Line(
        url=row.url,
        phone_url=row.phone_url,
        name=shown(row.name, "list.name"),
        risks=tuple((risk.label, risk.text) for risk in row.risks),
        tags=tuple(_tags(row)),
        reference=card_request.reference,
        matter=card_request.matter,
        department=row.department,
        number=shown(row.employee_number, "list.employee_number"),
        city=card_request.city.name,
        bank=card_request.bank.name,
        handed_in=day(card_request.handed_in_at),
        days_overdue=row.days_overdue,
        due=promise(row.promise_date),
        status=card_request.get_status_display(),
        since=moment(card_request.status_since),
        recall_until=time_of_day(row.recall_until),
        is_mine=hold.is_mine,
        holder=named(claim.by) if claim and not hold.is_mine else "",
        held=time_of_day(claim and (claim.lapses_at if hold.is_mine else claim.claimed_at)),
        is_party=hold.is_party,
        action=offer.action.label if offer.is_open else "",
        action_url=offer.url if offer.is_open else "",
    )


def _tags(row):
    if row.handling.is_handed_over:
        yield "tag", "已移交本人"
        if not row.card_request.holder.user_id:
            yield "tag warn", "本人没有账户"
    if row.until_date:
        yield "tag", f"{day(row.until_date)}再办"
