"""What a worker makes of an export, and what becomes of its file."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.encryption.ciphers import InvalidToken
from apps.events.models import Event
from apps.exports import columns, services, tasks, working
from apps.exports.enums import ExportAction, ExportStatus
from apps.exports.lifecycle import EXPORT
from apps.exports.models import Export
from apps.requests.models import DiscardedFile, Particulars
from tests.exports.steps import LATER, exported, order, run, write
from tests.factories.cards import AT, make_request
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db


def test_the_file_lies_encrypted_in_the_private_storage(supervisor):
    holder = make_holder()
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder)
    export = exported(supervisor, is_full=True, reason="与银行核对")
    raw = Path(export.file.path).read_bytes()
    assert holder.id_number.encode() not in raw
    assert card_request.reference.encode() not in raw


def test_a_right_that_was_withdrawn_meanwhile_counts(supervisor):
    make_request(RequestStatus.ACCEPTED)
    order(supervisor, is_full=True, reason="与银行核对")
    supervisor.groups.clear()
    export = working.lease_next(at=LATER)
    with pytest.raises(Refused) as refusal:
        write(export)
    working.refuse(export=export, error=refusal.value.message, at=LATER)
    export.refresh_from_db()
    assert export.status_at(LATER) == ExportStatus.FAILED
    assert (export.error, export.file.name) == (refusal.value.message, "")


def test_what_grew_too_large_meanwhile_is_no_half_a_file(reviewer, settings):
    make_request(RequestStatus.ACCEPTED)
    order(reviewer)
    make_request(RequestStatus.ACCEPTED)
    settings.EXPORT_MAX_ROWS = 1
    with pytest.raises(Refused) as refusal:
        write(working.lease_next(at=LATER))
    assert refusal.value.code == "too_many"


def test_a_filter_whose_city_is_gone_is_refused(reviewer):
    make_request(RequestStatus.ACCEPTED)
    order(reviewer, "city=370100")
    Export.objects.update(filter="city=999999")
    with pytest.raises(Refused) as refusal:
        write(working.lease_next(at=LATER))
    assert refusal.value.code == "filter"


def test_a_claimed_export_is_taken_again_when_the_lease_is_over(reviewer):
    make_request(RequestStatus.ACCEPTED)
    order(reviewer)
    killed = working.lease_next(at=LATER)
    assert working.lease_next(at=LATER) is None
    assert killed.status_at(LATER) == ExportStatus.RUNNING
    after = LATER + working.LEASE
    assert killed.status_at(after) == ExportStatus.WAITING
    again = run(at=after)
    assert again.pk == killed.pk
    assert again.tries == 2
    assert again.status_at(after) == ExportStatus.READY


def test_a_worker_that_comes_back_late_finishes_nothing(reviewer):
    make_request(RequestStatus.ACCEPTED)
    order(reviewer)
    late = working.lease_next(at=LATER)
    name = write(late)
    export = run(at=LATER + working.LEASE)
    assert not working.finish(export=late, name=name, at=LATER + working.LEASE)
    export.refresh_from_db()
    assert export.file.name != name
    assert Event.objects.of_kind(EXPORT).filter(action=ExportAction.FINISH).count() == 1
    # Its file belongs to no row, and is deleted in time.
    working.delete_expired(at=LATER + 3 * working.LEASE, limit=10)
    assert not default_storage.exists(name)
    assert default_storage.exists(export.file.name)


def test_a_long_export_renews_its_claim_with_every_chunk(reviewer, monkeypatch):
    monkeypatch.setattr(columns, "CHUNK", 1)
    for _ in range(3):
        make_request(RequestStatus.ACCEPTED)
    order(reviewer)
    export = working.lease_next(at=LATER)
    moments = iter(LATER + number * working.LEASE * 0.9 for number in range(1, 5))
    name = working.write(export=export, clock=lambda: next(moments))
    assert export.leased_until == LATER + 3.7 * working.LEASE
    assert working.finish(export=export, name=name, at=LATER + 3.6 * working.LEASE)


def test_an_export_that_never_ends_is_given_up(reviewer):
    make_request(RequestStatus.ACCEPTED)
    export = order(reviewer)
    at = LATER
    for _ in range(working.MOST_TRIES):
        assert working.lease_next(at=at) == export
        at += working.LEASE
    assert working.lease_next(at=at) is None
    export.refresh_from_db()
    assert export.status_at(at) == ExportStatus.FAILED


def test_the_file_goes_after_its_time_and_the_row_stays(reviewer, settings):
    make_request(RequestStatus.ACCEPTED)
    export = exported(reviewer)
    name = export.file.name
    over = LATER + settings.EXPORT_LIFETIME
    assert export.status_at(over - timedelta(seconds=1)) == ExportStatus.READY
    assert export.status_at(over) == ExportStatus.EXPIRED
    with pytest.raises(Refused) as refusal:
        services.record_fetch(export=export, by=reviewer, at=over)
    assert refusal.value.code == "expired"
    assert working.delete_expired(at=over, limit=10) == 1
    export.refresh_from_db()
    assert (export.file.name, export.row_count) == ("", 1)
    assert not default_storage.exists(name)
    assert not DiscardedFile.objects.exists()


def test_what_a_killed_worker_left_in_the_clear_is_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "openpyxl.k1ll3d"
    left.write_text("张超")
    written = AT.fromtimestamp(left.stat().st_mtime, tz=AT.tzinfo)
    over = written + working.LEASE
    working.delete_expired(at=over - timedelta(seconds=1), limit=10)
    assert left.exists()
    working.delete_expired(at=over + timedelta(seconds=1), limit=10)
    assert not left.exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "磁盘写不进去"),
        (InvalidToken(), "加密内容解不开"),
        (KeyError("x"), "程序出错"),
    ],
)
def test_an_export_that_fails_says_why_at_once(client, reviewer, monkeypatch, error, words):
    make_request(RequestStatus.ACCEPTED)
    export = order(reviewer)

    def fail(*arguments, **options):
        raise error

    monkeypatch.setattr(working.files, "write", fail)
    tasks.write_exports()

    export.refresh_from_db()
    assert (export.status, export.tries) == (ExportStatus.FAILED, 1)
    assert words in export.error
    client.force_login(reviewer)
    page = client.get(reverse("admin:exports_export_change", args=[export.reference]))
    assert words in page.content.decode()


def spoil(card_request):
    """Damage the stored number, past every check."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE requests_particulars SET id_number = 'no token' WHERE card_request_id = %s",
            [card_request.pk],
        )


def lose(card_request):
    Particulars.objects.filter(card_request=card_request).delete()


@pytest.mark.parametrize(("damage", "why"), [(spoil, "加密内容解不开"), (lose, "个人信息不见了")])
def test_a_row_that_cannot_be_read_is_named_with_its_reason_and_what_to_do(
    client, reviewer, damage, why
):
    good, *bad = (make_request(RequestStatus.ACCEPTED) for _ in range(3))
    for card_request in bad:
        damage(card_request)
    export = order(reviewer)
    tasks.write_exports()
    client.force_login(reviewer)
    page = client.get(reverse("admin:exports_export_change", args=[export.reference]))
    html = page.content.decode()
    for card_request in bad:
        assert f"{card_request.reference}（{why}）" in html
    assert good.reference not in html
    assert "修好后再导出一次" in html
    assert "按同样的条件再导出一次" in html


def test_when_every_row_is_unreadable_a_few_are_named_and_counted(reviewer):
    for _ in range(7):
        spoil(make_request(RequestStatus.ACCEPTED))
    export = order(reviewer)
    tasks.write_exports()
    export.refresh_from_db()
    assert export.error.count("加密内容解不开") == 5
    assert "等 7 件" in export.error
