"""How events come into the book, and how a test reads its pages."""

from django.urls import reverse

from apps.desk import event_kinds
from apps.desk.claims import services as claims
from apps.desk.event_kinds import FileAction
from apps.desk.looking import services
from apps.events import services as events
from apps.events.enums import Channel, Role
from tests.dates import in_words
from tests.factories.cards import AT
from tests.factories.people import make_holder, make_reviewer

EVENTS = reverse("admin:events_event_changelist")


def text(response):
    assert response.status_code == 200
    return in_words(response.content.decode())


def table(html):
    return html.split('id="result_list"')[1].split("</table>")[0] if "result_list" in html else ""


def take_over(subject, *, at=AT):
    """A case that one reviewer held and another took over; returns the second one."""
    second = make_holder(name="李接手", user=make_reviewer()).user
    claims.claim(subject=subject, by=make_reviewer(), at=at)
    claims.take_over(subject=subject, by=second, at=at)
    return second


def event(kind=event_kinds.EXPORT_FILE, action=FileAction.FETCH, **values):
    fields = {"by": make_reviewer(), "at": AT, "facts": {}} | values
    return events.record(
        kind=kind, action=action, role=Role.REVIEWER, channel=Channel.ADMIN, **fields
    )


def look(card_request, *, by=None, at=AT, reason="电话核实"):
    return services.disclose(
        subject=card_request,
        what="社会保障号码",
        reason=reason,
        by=by or make_reviewer(),
        at=at,
    )
