"""What the admin's first page tells a reviewer."""

from django import template

from apps.cards.enums import RequestAction, RequestStatus, Role
from apps.cards.models import CardEvent, CardRequest
from apps.review import navigation, queue
from apps.review.children.views import waiting_for
from apps.review.colleagues import named

register = template.Library()

RECENT = 10


@register.simple_tag(takes_context=True)
def review_desk(context):
    """How much waits for the signed-in reviewer, and the case whose promise ends first."""
    mine = queue.waiting_for(context["user"])
    first = mine.only("reference", "status_since").first()
    return {
        "waiting": mine.count(),
        "being_amended": CardRequest.objects.filter(status=RequestStatus.NEEDS_AMENDMENT).count(),
        "claims": waiting_for(context["user"]).count(),
        "next_reference": first.reference if first else "",
        "promise_date": queue.promise_date(first.status_since) if first else None,
    }


@register.simple_tag(takes_context=True)
def recent_decisions(context):
    """The latest decisions of the signed-in reviewer, as events."""
    return (
        CardEvent.objects.filter(
            by=context["user"], role=Role.REVIEWER, subject=CardEvent.Subject.REQUEST
        )
        .select_related("request")
        .order_by("-pk")[:RECENT]
    )


@register.filter
def action_label(event):
    """What an event of a request is called."""
    return RequestAction(event.action).label


@register.filter
def colleague(user):
    """A colleague's name, or the employee number of one who is in no roster."""
    return named(user)


@register.inclusion_tag("review/_navigation.html", takes_context=True)
def desk_navigation(context):
    """The bar between the parts of the desk, as far as the signed-in person may go."""
    match = context["request"].resolver_match
    name = match.url_name if match and match.url_name else ""
    return {"items": navigation.items_for(context["user"], name), "is_start": name == "index"}
