"""Taking a decision back, and what one needs before."""

from datetime import timedelta

from apps.application import services as application
from apps.application.views.amend import amendment_form
from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.recall import services as recalling
from apps.requests import services as requests
from tests.factories.cards import WAYS
from tests.factories.payments import make_paid
from tests.factories.people import make_reviewer

MINUTE = timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)
S, A = RequestStatus, RequestAction


def stored(card_request):
    return CardRequest.objects.get(pk=card_request.pk)


def recall(card_request, *, at=None, by=None):
    row = stored(card_request)
    recalling.recall(card_request=row, by=by or make_reviewer(), at=at or row.status_since + MINUTE)
    return stored(card_request)


def paid(status):
    payment = make_paid()
    card_request = payment.card_request
    card_request.refresh_from_db()
    for step in WAYS[status][2:]:
        step(card_request, at=card_request.status_since + MINUTE)
    return card_request


def type_phone(card_request, phone, *, at):
    amendment = application.open_amendment(card_request=card_request)
    return application.save_form(
        card_request=card_request,
        make=lambda particulars, data=None: amendment_form(amendment, at, particulars, data),
        typed={"phone": phone},
        by=card_request.applicant,
        at=at,
    )


def answer(card_request, *, at):
    requests.amend(
        card_request=card_request, values={"phone": "13800138001"}, by=card_request.applicant, at=at
    )
