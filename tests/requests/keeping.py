"""Requests with pictures, and the hourly sweep that forgets them."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.requests import retention
from apps.requests.models import Particulars
from apps.requests.models.particulars import portrait_path
from tests.factories.cards import AT

TICK = timedelta(seconds=1)
LIMIT = 100
COLUMNS = ("portrait_source", "portrait")


def with_pictures(card_request, *, at=AT):
    """Real files on the particulars, as the portrait assistant leaves them; returns their names."""
    names = {
        column: default_storage.save(portrait_path(None, ""), ContentFile(b"jpeg"))
        for column in COLUMNS
    }
    Particulars.objects.filter(card_request=card_request).update(
        **names, portrait_crop={"x": 1}, portrait_findings=[{"rule": "size"}], portrait_saved_at=at
    )
    return list(names.values())


def saved(card_request):
    return Particulars.objects.get(card_request=card_request)


def end_of(card_request):
    card_request.refresh_from_db()
    return card_request.status_since


def there(names):
    return [default_storage.exists(name) for name in names]


def sweep(at):
    """What the hourly task does."""
    retention.forget_portraits(at=at, limit=LIMIT)
    retention.forget_particulars(at=at, limit=LIMIT)
    retention.forget_drafts(at=at, limit=LIMIT)
    retention.delete_discarded_files(at=at, limit=LIMIT)
