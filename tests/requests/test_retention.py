"""What the agreements promise to delete is deleted, at its time, whatever breaks in between."""

from datetime import timedelta
from functools import partial
from unittest import mock

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.cards.enums import REQUEST_FINAL, REQUEST_IN_FLIGHT, RequestStatus
from apps.events.models import Event
from apps.requests import retention, services
from apps.requests.models import DiscardedFile, Particulars
from apps.requests.models.particulars import portrait_path
from apps.requests.services import Incomplete
from tests.application.checks import verify
from tests.contests import at_once
from tests.factories.cards import AT, COMPLETE, make_card, make_draft, make_request
from tests.factories.people import make_holder, make_reviewer, make_ward

pytestmark = pytest.mark.django_db

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


# --- Portraits


@pytest.mark.parametrize("status", REQUEST_FINAL)
def test_the_pictures_go_when_their_time_after_the_end_is_over_and_not_before(status):
    card_request = make_request(status)
    names = with_pictures(card_request)
    due = end_of(card_request) + settings.PORTRAIT_RETENTION
    sweep(due - TICK)
    assert there(names) == [True, True]
    assert saved(card_request).portrait.name == names[1]
    sweep(due)
    assert there(names) == [False, False]
    row = saved(card_request)
    assert (row.portrait, row.portrait_source, row.portrait_crop) == ("", "", {})
    assert row.portrait_findings == []
    assert row.is_portrait_forgotten
    assert row.phone == COMPLETE["phone"]
    assert not DiscardedFile.objects.exists()


@pytest.mark.parametrize("status", sorted({*REQUEST_IN_FLIGHT} - {RequestStatus.DRAFT}))
def test_a_request_in_flight_keeps_everything_however_long_it_takes(status):
    card_request = make_request(status)
    names = with_pictures(card_request)
    before = Particulars.objects.filter(card_request=card_request).values().get()
    sweep(AT + timedelta(days=9999))
    assert Particulars.objects.filter(card_request=card_request).values().get() == before
    assert there(names) == [True, True]


def test_the_portrait_of_a_card_in_use_is_no_exception():
    card = make_card()
    names = with_pictures(card.card_request)
    sweep(end_of(card.card_request) + settings.PORTRAIT_RETENTION)
    assert there(names) == [False, False]


def test_one_run_takes_no_more_than_its_limit_and_the_next_goes_on():
    requests = [make_request(RequestStatus.WITHDRAWN) for _ in range(3)]
    names = [name for card_request in requests for name in with_pictures(card_request)]
    at = end_of(requests[-1]) + settings.PORTRAIT_RETENTION
    assert retention.forget_portraits(at=at, limit=2) == 2
    assert retention.forget_portraits(at=at, limit=2) == 1
    assert retention.forget_portraits(at=at, limit=2) == 0
    assert retention.delete_discarded_files(at=at, limit=4) == 4
    assert sum(there(names)) == 2
    assert retention.delete_discarded_files(at=at, limit=4) == 2
    assert not any(there(names))


def test_what_the_disk_refused_is_deleted_once_it_gives_way(caplog):
    card_request = make_request(RequestStatus.REJECTED)
    names = with_pictures(card_request)
    at = end_of(card_request) + settings.PORTRAIT_RETENTION
    with mock.patch.object(default_storage, "delete", side_effect=OSError("read-only")):
        sweep(at)
    assert saved(card_request).portrait == ""
    assert "not deleted: OSError" in caplog.text
    later = at + settings.FILE_RETRY_AFTER
    assert retention.delete_discarded_files(at=later - TICK, limit=LIMIT) == 0
    assert there(names) == [True, True]
    assert retention.delete_discarded_files(at=later, limit=LIMIT) == 2
    assert there(names) == [False, False]
    assert not DiscardedFile.objects.exists()


def test_one_file_that_cannot_be_deleted_does_not_hold_up_the_others():
    card_request = make_request(RequestStatus.REJECTED)
    bad, good = with_pictures(card_request)
    at = end_of(card_request) + settings.PORTRAIT_RETENTION
    delete = default_storage.delete

    def refuse_one(name):
        if name == bad:
            raise PermissionError
        delete(name)

    with mock.patch.object(default_storage, "delete", side_effect=refuse_one):
        sweep(at)
    assert there([bad, good]) == [True, False]
    assert DiscardedFile.objects.get().name == bad


def test_a_death_between_row_and_file_loses_nothing():
    card_request = make_request(RequestStatus.REJECTED)
    names = with_pictures(card_request)
    at = end_of(card_request) + settings.PORTRAIT_RETENTION
    retention.forget_portraits(at=at, limit=LIMIT)  # and the process dies
    assert there(names) == [True, True]
    sweep(at + timedelta(hours=1))
    assert there(names) == [False, False]


def test_a_death_between_file_and_name_is_made_up_for():
    card_request = make_request(RequestStatus.REJECTED)
    names = with_pictures(card_request)
    at = end_of(card_request) + settings.PORTRAIT_RETENTION
    dies = mock.patch.object(DiscardedFile, "delete", side_effect=KeyboardInterrupt)
    with dies, pytest.raises(KeyboardInterrupt):
        sweep(at)
    assert there(names) == [False, True]
    assert DiscardedFile.objects.count() == 2
    sweep(at + timedelta(hours=1))
    assert there(names) == [False, False]
    assert not DiscardedFile.objects.exists()


def test_the_row_keeps_its_pictures_when_their_names_cannot_be_kept():
    card_request = make_request(RequestStatus.REJECTED)
    names = with_pictures(card_request)
    at = end_of(card_request) + settings.PORTRAIT_RETENTION
    with mock.patch.object(type(DiscardedFile.objects), "bulk_create", side_effect=IntegrityError):
        sweep(at)
    assert saved(card_request).portrait.name == names[1]
    assert there(names) == [True, True]


# --- Particulars


def test_what_was_filled_in_goes_after_its_time_and_the_record_stays():
    holder = make_holder()
    card_request = make_request(RequestStatus.COLLECTED, holder=holder)
    with_pictures(card_request)
    events = list(Event.objects.order_by("pk").values())
    due = end_of(card_request) + settings.DATA_RETENTION
    sweep(due - TICK)
    assert saved(card_request).phone == COMPLETE["phone"]
    assert saved(card_request).forgotten_at is None
    sweep(due)
    row = saved(card_request)
    assert row.forgotten_at == due
    emptied = [row.name, row.id_number, row.phone, row.address, row.typed, row.ethnicity]
    assert emptied + [row.occupation, row.household_type] == [""] * 8
    assert (row.birth_date, row.id_valid_from, row.id_valid_until) == (None, None, None)
    assert list(Event.objects.order_by("pk").values()) == events
    card_request.refresh_from_db()
    assert (card_request.holder, card_request.status) == (holder, RequestStatus.COLLECTED)


def test_nothing_of_the_person_is_left_in_any_column_of_the_row():
    card_request = make_request(RequestStatus.COLLECTED)
    with_pictures(card_request)
    holder = card_request.holder
    sweep(end_of(card_request) + settings.DATA_RETENTION)
    left = str(Particulars.objects.filter(card_request=card_request).values().get())
    for secret in (holder.name, holder.id_number, COMPLETE["phone"], COMPLETE["address"], "1985"):
        assert secret not in left


def test_forgetting_twice_keeps_the_first_moment():
    card_request = make_request(RequestStatus.LAPSED)
    due = end_of(card_request) + settings.DATA_RETENTION
    sweep(due)
    sweep(due + timedelta(days=1))
    assert saved(card_request).forgotten_at == due


def test_particulars_wait_for_their_pictures():
    card_request = make_request(RequestStatus.LAPSED)
    with_pictures(card_request)
    due = end_of(card_request) + settings.DATA_RETENTION
    assert retention.forget_particulars(at=due, limit=LIMIT) == 0
    retention.forget_portraits(at=due, limit=LIMIT)
    assert retention.forget_particulars(at=due, limit=LIMIT) == 1


def test_particulars_are_forgotten_within_the_limit():
    requests = [make_request(RequestStatus.WITHDRAWN) for _ in range(3)]
    at = end_of(requests[-1]) + settings.DATA_RETENTION
    retention.forget_portraits(at=at, limit=LIMIT)
    counts = [retention.forget_particulars(at=at, limit=2) for _ in range(3)]
    assert counts == [2, 1, 0]


@pytest.mark.parametrize(
    "value", [{"phone": "13800138000"}, {"name": "张超"}, {"portrait": "portraits/x.jpg"}]
)
def test_the_database_refuses_a_forgotten_row_that_holds_something(value):
    card_request = make_request(RequestStatus.WITHDRAWN)
    sweep(end_of(card_request) + settings.DATA_RETENTION)
    with pytest.raises(IntegrityError), transaction.atomic():
        Particulars.objects.filter(card_request=card_request).update(**value)


# --- Drafts


def test_a_draft_nobody_saves_is_emptied_and_can_be_gone_on_with():
    draft = make_draft()
    names = with_pictures(draft)
    Particulars.objects.filter(card_request=draft).update(typed='{"phone": "138"}')
    due = saved(draft).saved_at + settings.DRAFT_RETENTION
    sweep(due - TICK)
    assert saved(draft).phone == COMPLETE["phone"]
    sweep(due)
    row = saved(draft)
    assert [row.phone, row.address, row.typed, row.portrait, row.ethnicity] == [""] * 5
    assert (row.saved_at, row.portrait_saved_at, row.id_valid_from) == (None, None, None)
    assert there(names) == [False, False]
    assert row.name == draft.holder.name
    by = draft.applicant
    services.save_draft(card_request=draft, values=COMPLETE, by=by, at=due)
    services.submit(card_request=draft, by=by, at=due)
    assert draft.status == RequestStatus.SUBMITTED


def test_an_emptied_draft_is_left_alone_until_it_is_saved_again():
    draft = make_draft()
    at = saved(draft).saved_at + settings.DRAFT_RETENTION
    assert retention.forget_drafts(at=at, limit=LIMIT) == 1
    assert retention.forget_drafts(at=at + timedelta(days=999), limit=LIMIT) == 0


def test_every_saving_starts_the_time_anew():
    draft = make_draft()
    due = saved(draft).saved_at + settings.DRAFT_RETENTION
    values = {"phone": "13900139000"}
    services.save_draft(card_request=draft, values=values, by=draft.applicant, at=due - TICK)
    assert retention.forget_drafts(at=due, limit=LIMIT) == 0
    assert saved(draft).phone == "13900139000"


def test_the_emptied_draft_of_a_child_still_knows_its_guardian():
    guardian = make_holder()
    draft = make_draft(holder=make_ward(guardian), by=guardian.user)
    sweep(AT + settings.DRAFT_RETENTION)
    assert saved(draft).saved_at is None
    assert saved(draft).guardian == guardian


def test_a_draft_that_is_handed_in_at_the_last_moment_stays_whole():
    draft = make_draft()
    at = AT + settings.DRAFT_RETENTION
    due = Particulars.objects.abandoned(at - settings.DRAFT_RETENTION)
    assert due.count() == 1
    services.submit(card_request=draft, by=draft.applicant, at=at)
    # The sweep had listed the row already.
    assert not retention._empty(draft.particulars.pk, due, retention.nothing_typed(), at=at)
    assert saved(draft).phone == COMPLETE["phone"]


def test_a_draft_that_was_emptied_at_the_last_moment_is_not_handed_in():
    draft = make_draft()
    assert draft.particulars.phone  # as a page read it
    at = AT + settings.DRAFT_RETENTION
    sweep(at)
    with pytest.raises(Incomplete):
        services.submit(card_request=draft, by=draft.applicant, at=at)


# --- What the pages say


def test_the_page_of_a_forgotten_request_says_so(client):
    card_request = make_request(RequestStatus.COLLECTED)
    client.force_login(card_request.applicant)
    sweep(end_of(card_request) + settings.DATA_RETENTION)
    page = client.get(reverse("application:detail", args=[card_request.reference])).content.decode()
    assert "填写的内容已按" in page
    assert "社会保障号码" not in page
    assert client.get(card_request.get_absolute_url()).status_code == 200


def test_the_page_of_a_request_without_its_picture_says_so(client):
    card_request = make_request(RequestStatus.COLLECTED)
    with_pictures(card_request)
    client.force_login(card_request.applicant)
    sweep(end_of(card_request) + settings.PORTRAIT_RETENTION)
    page = client.get(reverse("application:detail", args=[card_request.reference])).content.decode()
    assert "照片已到保存期限" in page
    picture = reverse("application:portrait_image", args=[card_request.reference, "final"])
    assert client.get(picture).status_code == 404


def test_the_reviewers_see_that_data_and_picture_are_deleted_not_missing(client):
    card_request = make_request(RequestStatus.COLLECTED)
    with_pictures(card_request)
    client.force_login(make_reviewer())
    sweep(end_of(card_request) + settings.DATA_RETENTION)
    url = reverse("admin:cards_cardrequest_change", args=[card_request.reference])
    page = client.get(url).content.decode()
    assert "照片已到保存期限" in page
    assert "填写的内容已于" in page
    assert "不一致" not in page
    assert client.get(reverse("admin:cards_cardrequest_changelist")).status_code == 200


def test_the_form_of_an_emptied_draft_says_so(client):
    draft = make_draft()
    verify(draft)
    client.force_login(draft.applicant)
    url = reverse("application:form", args=[draft.reference])
    page = client.get(url).content.decode()
    assert COMPLETE["phone"] in page
    assert "很久没有保存" not in page
    sweep(AT + settings.DRAFT_RETENTION)
    page = client.get(url).content.decode()
    assert "很久没有保存" in page
    assert COMPLETE["phone"] not in page


def test_the_administrator_sees_the_files_that_could_not_be_deleted(admin_client):
    DiscardedFile.objects.create(name="portraits/stuck.jpg", discarded_at=AT, next_try_at=AT)
    page = admin_client.get(reverse("admin:requests_discardedfile_changelist")).content.decode()
    assert "portraits/stuck.jpg" in page


# --- Two at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_submitting_and_emptying_at_once_one_comes_first():
    for _ in range(10):
        draft = make_draft()
        at = AT + settings.DRAFT_RETENTION
        refusals = at_once(
            partial(services.submit, card_request=draft, by=draft.applicant, at=at),
            partial(retention.forget_drafts, at=at, limit=LIMIT),
        )
        draft.refresh_from_db()
        is_whole = saved(draft).phone == COMPLETE["phone"]
        assert is_whole == (draft.status == RequestStatus.SUBMITTED)
        assert len(refusals) == (0 if is_whole else 1)
