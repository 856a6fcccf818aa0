"""What the tests of 代未成年子女办理 share: a fixed day, and who is how old on it."""

from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from apps.people.models import years_before
from tests.factories.moments import noon

# The pages read the clock; near midnight the day of a test and that of a page could differ.
TODAY = date(2026, 11, 23)


def set_clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: noon(TODAY))


def years_ago(years, *, days=0):
    """The birth date of somebody who turned `years` that many `days` ago."""
    day = TODAY - timedelta(days=days)
    return years_before(day, years)


def as_client(holder):
    client = Client()
    client.force_login(holder.user)
    return client
