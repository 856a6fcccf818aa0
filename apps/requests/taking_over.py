"""The draft that a guardian filled in, and that the person begins anew at 16."""

from django.db import transaction

from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.cards.permissions import role_of
from apps.events.enums import Channel
from apps.lifecycle import engine
from apps.requests.models import Particulars
from apps.requests.particulars import for_update, of_roster, own_values


@transaction.atomic
def take_over(*, card_request, by, at):
    """Begin the draft anew that a guardian filled in before the person `by` turned 16.

    What concerns the person stays (number, name, portrait), what was known or typed of the
    guardian goes, and the person is the applicant. Idempotent. Raises `NotYours`, `NotAllowed`.
    """
    role = role_of(by, card_request.holder, at=at)
    card_request = CardRequest.objects.select_for_update(of=("self",)).get(pk=card_request.pk)
    if card_request.applicant_id == by.pk:
        return
    engine.move(
        card_request,
        RequestAction.TAKE_OVER,
        by=by,
        role=role,
        at=at,
        channel=Channel.WEB,
        applicant=by,
    )
    rows = Particulars.objects.filter(card_request=card_request)
    holder = card_request.holder
    values = for_update(rows, of_roster(holder) | own_values(holder))
    rows.update(**values, guardian=None, guardian_relation="", typed="", saved_at=at)
