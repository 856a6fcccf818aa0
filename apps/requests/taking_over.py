"""What a guardian filled in, and the person makes their own at 16."""

from django.db import transaction

from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.cards.permissions import role_of
from apps.events.enums import Channel
from apps.lifecycle import engine
from apps.requests.models import Particulars
from apps.requests.particulars import for_update, of_roster, own_values
from apps.requests.policies import asks_own_contact


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


@transaction.atomic
def give_own_contact(*, card_request, values, by, at):
    """Put the person's own `values` (column → value) in place of what the guardian gave.

    For a request that was handed in and is not paid. Without effect once that is done. Raises
    `NotYours`.
    """
    role_of(by, card_request.holder, at=at)
    locked = CardRequest.objects.select_for_update(of=("self",)).select_related("holder")
    current = locked.get(pk=card_request.pk)
    rows = Particulars.objects.filter(card_request=current)
    if asks_own_contact(current, at=at):
        rows.update(**for_update(rows, values), saved_at=at, saved_by=by)
