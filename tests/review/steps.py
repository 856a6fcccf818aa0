"""What a reviewer does at the desk, through its pages, and what applicants did before."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from apps.common.moments import day_of
from apps.requests import services as requests
from tests.factories.cards import ask

REASON = {"disclosure-reason": "与身份证影像核对号码"}


def claimed(desk, card_request):
    """The page of `card_request` after the reviewer of the browser `desk` claimed it."""
    prefix = f"{card_request._meta.app_label}_{card_request._meta.model_name}"
    return desk.post(reverse(f"admin:{prefix}_claim", args=[card_request.reference]), follow=True)


def resubmit(card_request, *, at):
    """The reviewer asks for another phone number, the applicant gives one an hour later."""
    ask(card_request, at=at)
    later = at + timedelta(hours=1)
    values = {"phone": "13900139000"}
    requests.amend(card_request=card_request, values=values, by=card_request.applicant, at=later)


def amendment(**values):
    """The form that asks for an amendment by tomorrow."""
    tomorrow = day_of(timezone.now()) + timedelta(days=1)
    return {"amend-due_date": tomorrow.isoformat()} | {
        f"amend-{name}": value for name, value in values.items()
    }
