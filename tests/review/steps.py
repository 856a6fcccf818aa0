"""What a reviewer does at the desk, through its pages, and what applicants did before."""

from datetime import timedelta

from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from apps.common.moments import day_of
from apps.desk.claims import services as claims
from apps.requests import services as requests
from tests.factories.cards import ask

REASON = {"disclosure-reason": "与身份证影像核对号码"}


def claim(desk, row):
    """Let the reviewer of the browser `desk` claim `row`."""
    claims.claim(subject=row, by=get_user(desk), at=timezone.now())


def claimed(desk, row):
    """The page of `row` after the reviewer of the browser `desk` claimed it."""
    claim(desk, row)
    prefix = f"{row._meta.app_label}_{row._meta.model_name}"
    return desk.get(reverse(f"admin:{prefix}_change", args=[row.reference]))


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
