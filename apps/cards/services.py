"""What somebody's leaving does to an account with matters under way."""

from apps.cards.models import CardRequest
from apps.people.services import end_employment


def leave(*, holder, by, at):
    """End the employment of `holder`, who may finish what is under way. Returns an `EntryOutcome`.

    Raises `RosterConflict` for accounts that the roster may not lock out.
    """
    under_way = CardRequest.objects.of_leaver(person=holder.pk, account=holder.user_id)
    return end_employment(holder=holder, by=by, at=at, keeps_sign_in=under_way.exists())
