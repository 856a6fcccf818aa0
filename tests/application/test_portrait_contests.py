"""The portrait changes at the moment at which somebody hands it in or approves it.

Whoever is first, what was shown is what is handed in and approved, and no row names a file that is
not there.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.core.files.storage import default_storage

from apps.application import pages, portraits, services
from apps.bulk import services as bulk
from apps.bulk.checks import RELATED
from apps.bulk.enums import BulkOutcome
from apps.bulk.models import BulkRow
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.encryption.fields import file_marks
from apps.requests import reopening
from apps.requests import services as requests
from apps.requests.models import Particulars
from apps.verification import faces, portrait
from tests.application.checks import passed_check
from tests.application.pictures import upload
from tests.bulk.steps import SOON, show, work_off
from tests.contests import at_once
from tests.factories.cards import AT, make_calm, make_draft
from tests.factories.people import make_reviewer
from tests.factories.storage import stored

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

LATER = AT + timedelta(hours=2)
TURNS = range(4)  # in one test: emptying the tables takes longer than the contest


@pytest.fixture(autouse=True)
def _no_faces(monkeypatch):
    """Drawn heads are no faces."""
    monkeypatch.setattr(faces, "is_available", lambda: False)


def loaded(card_request):
    """The request as another process reads it."""
    related = ("particulars", "holder", "applicant", "city__province", "bank")
    return CardRequest.objects.select_related(*related).get(pk=card_request.pk)


def uploaded(card_request, *, at=AT, **options):
    row = loaded(card_request)
    portraits.keep_upload(card_request=row, upload=upload(**options), by=row.applicant, at=at)


def proposed(card_request):
    return portraits.kept_crop(loaded(card_request).particulars)


def chosen(card_request, crop=None, *, at=AT):
    """使用这张照片, on a page that shows the picture of this moment."""
    row = loaded(card_request)
    crop = crop or portraits.kept_crop(row.particulars)
    where = {"x": crop.x, "y": crop.y, "width": crop.width}
    token = pages.picture_token(row.particulars)
    return lambda: portraits.use(card_request=row, **where, shown=token, by=row.applicant, at=at)


def content(name):
    with default_storage.open(name) as file:
        return file.read()


def assert_whole(card_request, before):
    """The row names the files that came since `before`, and no others. Returns the particulars."""
    given = Particulars.objects.get(card_request=card_request)
    names = {given.portrait.name, given.portrait_source.name} - {""}
    assert set(stored()) - before == {name.rsplit("/")[-1] for name in names}
    return given


def drafts():
    """For each turn a draft with a portrait in use, and the files that there were before."""
    for _ in TURNS:
        files, draft = set(stored()), make_draft()
        Particulars.objects.filter(card_request=draft).update(portrait="")
        uploaded(draft)
        chosen(draft)()
        yield draft, files


def test_of_two_crops_chosen_at_once_one_is_the_portrait():
    for draft, files in drafts():
        crop = proposed(draft)
        left, right = (replace(crop, x=crop.x + step, width=crop.width - 6) for step in (0, 6))
        assert at_once(chosen(draft, left), chosen(draft, right)) == []
        given = assert_whole(draft, files)
        kept = portraits.kept_crop(given)
        assert kept in (left, right)
        drawn = portrait.produce(portraits.open_source(given), kept)
        assert content(given.portrait.name) == drawn


def test_a_crop_is_of_the_picture_that_its_page_showed():
    for draft, files in drafts():
        before = loaded(draft).particulars
        mark, old = file_marks(content(before.portrait_source.name)), before.portrait.name
        choose = chosen(draft)
        refusals = at_once(choose, partial(uploaded, draft, size=(900, 1100)))
        given = assert_whole(draft, files)
        marks = set(draft.picture_marks.current().values_list("mark", flat=True))
        assert marks == set(mark)
        assert (given.portrait.name == old) == bool(refusals)
        assert [type(refusal).__name__ for refusal in refusals] in ([], ["NotAsShown"])


def test_two_pictures_uploaded_at_once_leave_one_file():
    for draft, files in drafts():
        sizes = ((900, 1100), (1000, 1240))
        assert at_once(*(partial(uploaded, draft, size=size) for size in sizes)) == []
        assert portraits.open_source(assert_whole(draft, files)).size in sizes


def test_the_portrait_that_is_handed_in_is_the_one_on_the_page():
    for draft, files in drafts():
        passed_check(draft, at=LATER)
        row, shown = loaded(draft), loaded(draft).particulars
        crop = proposed(draft)
        [refusal] = at_once(
            chosen(draft, replace(crop, width=crop.width - 6), at=LATER),
            partial(
                services.submit,
                card_request=row,
                shown=pages.token(row),
                by=row.applicant,
                at=LATER,
            ),
        )
        is_submitted = loaded(draft).status == RequestStatus.SUBMITTED
        given = assert_whole(draft, files)
        assert (given.portrait.name == shown.portrait.name) == is_submitted
        assert type(refusal).__name__ == ("NotAllowed" if is_submitted else "NotAsShown")


def test_what_is_approved_in_bulk_is_what_the_sheet_showed():
    for _ in TURNS:
        reviewer, card_request = make_reviewer(), make_calm()
        shown = loaded(card_request).particulars.portrait.name
        show(card_request, by=reviewer)
        rows = CardRequest.objects.filter(pk=card_request.pk).select_related(*RELATED)
        run = bulk.approve_at_once(requests=list(rows), by=reviewer, at=SOON)

        def exchange(card_request=card_request):
            row = loaded(card_request)
            by = row.applicant
            reopening.reopen(card_request=row, fields=["portrait"], by=by, at=SOON)
            uploaded(card_request, at=SOON)
            chosen(card_request, at=SOON)()
            requests.amend(card_request=loaded(card_request), values={}, by=by, at=SOON)

        refusals = at_once(work_off, exchange)
        work_off()
        row = BulkRow.objects.get(run=run)
        given = loaded(card_request)
        if refusals:
            assert (row.outcome, given.status) == (BulkOutcome.DONE, RequestStatus.APPROVED)
            assert given.particulars.portrait.name == shown
        else:
            assert (row.outcome, given.status) == (BulkOutcome.FAILED, RequestStatus.ACCEPTED)
            assert given.particulars.portrait.name != shown
            assert row.reason
