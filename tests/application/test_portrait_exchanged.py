"""A picture is being cut while another window uploads one, or while a reviewer asks anew."""

from datetime import timedelta

import pytest

from apps.application import pages, portraits
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.lifecycle.refusals import NotAllowed
from apps.requests import services as requests
from apps.unsent.shown import NotAsShown
from apps.verification import faces, portrait
from tests.application.pictures import upload
from tests.factories.cards import AT, ask, make_draft, make_request

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=2)
PORTRAIT = [{"field": "portrait", "reason": "太暗"}]


@pytest.fixture(autouse=True)
def _no_faces(monkeypatch):
    """Drawn heads are no faces."""
    monkeypatch.setattr(faces, "is_available", lambda: False)


def loaded(card_request):
    """The request as another process reads it."""
    rows = CardRequest.objects.select_related("particulars", "holder", "applicant")
    return rows.get(pk=card_request.pk)


def uploaded(card_request, *, at=AT, **options):
    row = loaded(card_request)
    portraits.keep_upload(card_request=row, upload=upload(**options), by=row.applicant, at=at)


def chosen(card_request, *, at=AT):
    """使用这张照片, on a page that shows the picture of this moment."""
    row = loaded(card_request)
    where = row.particulars.portrait_crop
    token = pages.picture_token(row.particulars)
    return lambda: portraits.use(card_request=row, **where, shown=token, by=row.applicant, at=at)


def test_a_picture_that_was_replaced_while_it_was_opened_is_not_called_damaged(
    django_capture_on_commit_callbacks,
):
    draft = make_draft()
    uploaded(draft)
    choose = chosen(draft)
    with django_capture_on_commit_callbacks(execute=True):  # the first file is deleted
        uploaded(draft, size=(900, 1100))
    with pytest.raises(NotAsShown):
        choose()


def test_a_portrait_is_not_replaced_once_something_else_is_asked_for(monkeypatch):
    """Handed in and asked back while the picture is cut: the status is the same as before."""
    card_request = make_request(RequestStatus.ACCEPTED)
    ask(card_request, at=LATER, items=PORTRAIT)
    uploaded(card_request, at=LATER + timedelta(minutes=1))
    chosen(card_request, at=LATER + timedelta(minutes=2))()
    before = loaded(card_request).particulars.portrait.name
    produce = portrait.produce

    def interrupted(*args):
        monkeypatch.undo()
        row, at = loaded(card_request), LATER + timedelta(minutes=3)
        requests.amend(card_request=row, values={}, by=row.applicant, at=at)
        ask(loaded(card_request), at=at + timedelta(minutes=1))
        return produce(*args)

    choose = chosen(card_request, at=LATER + timedelta(minutes=9))
    monkeypatch.setattr(portrait, "produce", interrupted)
    with pytest.raises(NotAllowed, match="portrait_closed"):
        choose()
    assert loaded(card_request).particulars.portrait.name == before
