"""An applicant who asks the desk to change a request."""

from apps.cards.enums import RequestStatus
from apps.inquiries import services
from tests.factories.cards import AT, make_request


def make_inquiry(card_request=None, *, at=AT, fields=("phone",), text="手机号写错了一位"):
    """An open inquiry about `card_request`, by default one that is approved."""
    card_request = card_request or make_request(RequestStatus.APPROVED, at=at)
    return services.ask(
        card_request=card_request, fields=fields, text=text, by=card_request.applicant, at=at
    )
