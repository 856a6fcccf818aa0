"""Identity checks that were passed, without the pages that lead there."""

from datetime import timedelta

from apps.cards.permissions import role_of
from apps.events.enums import Channel
from apps.lifecycle import engine
from apps.verification import services
from apps.verification.enums import CheckAction, CheckMethod, CheckOutcome, CheckStatus, Purpose
from apps.verification.models import Check
from tests.factories.moments import AT


def begin(holder, *, card_request=None, at=AT):
    """A check of `holder` for an application, begun at `at`."""
    return services.begin(
        holder=holder,
        by=holder.user,
        purpose=Purpose.APPLY,
        card_request=card_request,
        next_url="/",
        at=at,
    )


def pass_check(*, holder, by, purpose, at, card_request=None, method=CheckMethod.CODE):
    """A check of `by` for `holder` that was passed at `at` and is not used yet."""
    check = services.begin(
        holder=holder, by=by, purpose=purpose, card_request=card_request, next_url="/", at=at
    )
    engine.move(
        check,
        CheckAction.PASS,
        by=by,
        role=role_of(by, holder, at=at),
        at=at,
        channel=Channel.WEB,
        outcome=CheckOutcome.PASSED,
        method=method,
        decided_at=at,
    )
    return check


def make_face_check(card_request, *, outcome=CheckOutcome.UNCERTAIN, **values):
    """A check of the applicant by face at `AT`, written as a row: no two faces are compared.

    `values` are columns of the check, such as its `score` or another `status`.
    """
    columns = {
        "holder": card_request.holder,
        "by": card_request.applicant,
        "purpose": Purpose.APPLY,
        "card_request": card_request,
        "next_url": "/",
        "created_at": AT,
        "status": CheckStatus.PASSED,
        "status_since": AT,
        "expires_at": AT + timedelta(minutes=30),
        "decided_at": AT,
        "method": CheckMethod.FACE,
        "outcome": outcome,
    }
    return Check.objects.create(**columns | values)
