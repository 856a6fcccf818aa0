"""Identity checks that were passed, without the pages that lead there."""

import re
from unittest.mock import patch

from django.utils import timezone

from apps.application import services
from apps.verification import code_check
from tests.factories.cards import make_draft
from tests.factories.people import PASSWORD


def passed_check(card_request, *, at=None):
    """A check for `card_request`, passed by code and password at `at`, and not used yet."""
    at = at or timezone.now()
    by = card_request.applicant
    check = services.begin_check(card_request=card_request, by=by, at=at)
    with patch("apps.verification.code_check.send_sms") as sms:
        code_check.send_code(check=check, by=by, at=at)
    code = re.search(r"\d{6}", sms.call_args.kwargs["text"])[0]
    code_check.submit_code(check=check, code=code, password=PASSWORD, by=by, at=at)
    return check


def verify(card_request):
    """Let `card_request` have a passed check, with which it can be handed in."""
    passed_check(card_request)


def own_draft(client):
    """A complete, verified draft, whose owner is signed in to `client`."""
    draft = make_draft()
    verify(draft)
    client.force_login(draft.holder.user)
    return draft
