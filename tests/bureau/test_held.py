"""An order that can't be sent is put on hold with its reason; the others of its batch leave."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from apps.bureau import order_lines, production
from apps.bureau.adapters import order_file
from apps.bureau.enums import BatchStatus, OrderAction, OrderStatus
from apps.bureau.models import ProductionBatch, ProductionOrder
from apps.bureau.models.production import BatchState
from apps.cards.enums import RequestAction, RequestStatus
from apps.common.refusals import Refused
from apps.requests.models import Particulars
from tests.bureau.test_files import rows_of
from tests.factories.bureau import LATER, hear, made
from tests.factories.cards import approve, make_request
from tests.factories.people import make_reviewer

pytestmark = pytest.mark.django_db

AGAIN = LATER + timedelta(minutes=30)


def waiting(number):
    """The requests of a batch that waits for its sending."""
    requests = [make_request(RequestStatus.APPROVED) for _ in range(number)]
    production.make_batch(at=LATER, limit=number)
    return requests


def send(at=LATER):
    return production.submit_batches(at=at, limit=10)


def order_of(card_request):
    return ProductionOrder.objects.filter(card_request=card_request).last()


def change(card_request, **columns):
    """Damage the stored particulars, past every check."""
    Particulars.objects.filter(card_request=card_request).update(**columns)


def lose_portrait(card_request):
    change(card_request, portrait="portraits/lost.jpg")


def empty_portrait(card_request):
    change(card_request, portrait=default_storage.save("portraits/empty.jpg", ContentFile(b"")))


def own_portrait(card_request):
    """Where a portrait lies that is of this request alone."""
    name = default_storage.save("portraits/own.jpg", ContentFile(b"x" * 1000))
    change(card_request, portrait=name)
    return Path(default_storage.path(name))


def spoil_portrait(card_request):
    """Other bytes than were stored, as after a fault of the disk."""
    with own_portrait(card_request).open("r+b") as file:
        file.seek(200)
        file.write(b"other bytes")


def lock_portrait(card_request):
    """In the place of the file is what cannot be read as one."""
    path = own_portrait(card_request)
    path.unlink()
    path.mkdir()


def spoil_secret(card_request):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE requests_particulars SET id_number = 'no token' WHERE card_request_id = %s",
            [card_request.pk],
        )


def lose_particulars(card_request):
    Particulars.objects.filter(card_request=card_request).delete()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lose_portrait, "证件照片的文件不见了"),
        (empty_portrait, "证件照片的文件是空的"),
        (spoil_portrait, "证件照片的文件打不开（内容坏了，或密钥换过）。"),
        (lock_portrait, "证件照片的文件打不开（这是一个目录）。"),
        (spoil_secret, "个人信息解不开"),
        (lose_particulars, "个人信息不见了"),
        (lambda request: change(request, name="张\ud800超"), "写不进文件的字符"),
    ],
    ids=[
        "lost",
        "empty",
        "spoilt portrait",
        "locked portrait",
        "spoilt secret",
        "no particulars",
        "no text",
    ],
)
def test_one_bad_row_is_put_on_hold_and_the_others_leave(folders, monkeypatch, damage, words):
    good, bad = waiting(2)
    if words == "写不进文件的字符":  # No database takes it, but a further field may make it.
        name = order_lines.OrderColumn("pk", lambda pk: "张\ud800超" if pk == bad.pk else "张超")
        spoilt = dict(order_lines.columns(), name=name)
        monkeypatch.setattr(order_lines, "columns", lambda: spoilt)
    else:
        damage(bad)

    assert send() == 1

    [row] = rows_of(folders[0] / order_of(good).batch.reference)
    assert row["order_reference"] == order_of(good).reference
    held = order_of(bad)
    assert held.status == OrderStatus.HELD
    assert words in held.fault
    assert held.events.get(action=OrderAction.HOLD).reason == held.fault
    assert production.make_batch(at=AGAIN, limit=10) is None, "it waits for somebody"


def test_a_batch_of_bad_rows_only_is_closed_and_not_tried_for_ever(folders):
    [bad] = waiting(1)
    lose_portrait(bad)

    assert send() == 0

    batch = ProductionBatch.objects.get()
    assert (batch.status, batch.last_error) == (BatchStatus.EMPTY, "")
    assert ProductionBatch.objects.in_state(BatchState.EMPTY).get() == batch
    assert not (folders[0] / batch.reference / order_file.MANIFEST).exists()
    assert send(AGAIN) == 0


def test_a_storage_that_is_away_blames_no_row(folders, monkeypatch, tmp_path):
    [card_request] = waiting(1)
    monkeypatch.setattr(default_storage._wrapped, "location", str(tmp_path / "away"))

    assert send() == 0

    assert order_of(card_request).status == OrderStatus.OPEN
    assert "照片目录读不出来" in ProductionBatch.objects.get().last_error


def test_what_is_mended_is_sent_with_the_next_batch_under_a_new_number(folders):
    [bad] = waiting(1)
    kept = bad.particulars.portrait.name
    lose_portrait(bad)
    send()
    held, supervisor = order_of(bad), make_reviewer()
    change(bad, portrait=kept)

    production.release(order=held, by=supervisor, at=AGAIN)
    production.make_batch(at=AGAIN, limit=10)
    assert send(AGAIN) == 1

    held.refresh_from_db()
    fresh = order_of(bad)
    assert (held.status, fresh.status) == (OrderStatus.RELEASED, OrderStatus.OPEN)
    assert rows_of(folders[0] / fresh.batch.reference)[0]["order_reference"] == fresh.reference


def test_what_the_applicant_has_to_give_again_goes_back_to_the_review(folders):
    [bad] = waiting(1)
    kept = bad.particulars.portrait.name
    lose_portrait(bad)
    send()
    held, supervisor = order_of(bad), make_reviewer()

    with pytest.raises(Refused):
        production.send_back(order=held, reason=" ", by=supervisor, at=AGAIN)
    production.send_back(order=held, reason="照片文件损坏", by=supervisor, at=AGAIN)

    bad.refresh_from_db()
    assert bad.status == RequestStatus.ACCEPTED
    assert bad.events.get(action=RequestAction.FAIL).reason == "照片文件损坏"
    with pytest.raises(Refused):
        production.send_back(order=held, reason="再一次", by=supervisor, at=AGAIN)
    change(bad, portrait=kept)
    approve(bad, at=AGAIN)
    later = AGAIN + timedelta(hours=1)
    production.make_batch(at=later, limit=10)
    assert send(later) == 1


def test_a_report_on_an_order_that_was_not_sent_is_refused(folders):
    [bad] = waiting(1)
    lose_portrait(bad)
    send()

    hear(made(order_of(bad)))

    bad.refresh_from_db()
    assert bad.status == RequestStatus.APPROVED


def test_an_error_of_the_program_stops_one_batch_only(folders, monkeypatch):
    waiting(1)
    first = ProductionBatch.objects.get()
    waiting(1)
    real = order_file.write

    def write(folder, reference, lines, *, created_at, key):
        if reference == first.reference:
            raise RuntimeError
        return real(folder, reference, lines, created_at=created_at, key=key)

    monkeypatch.setattr(order_file, "write", write)
    assert send() == 1
    first.refresh_from_db()
    assert first.last_error == production.BROKEN
