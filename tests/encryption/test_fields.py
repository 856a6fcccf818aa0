import sqlite3
from pathlib import Path

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from apps.encryption import fields, reindex
from apps.encryption.ciphers import InvalidToken
from apps.people.models import Holder
from tests.factories.cards import make_card
from tests.factories.people import make_holder, make_id_number
from tests.keys import new_field_key

PHONE = "13900001234"
ADDRESS = "山东省淄博市张店区柳泉路 12 号"


@pytest.fixture
def holder(db):
    return make_holder(phone=PHONE, address=ADDRESS)


def test_what_was_stored_comes_back(holder):
    stored = Holder.objects.get(pk=holder.pk)
    assert (stored.phone, stored.address) == (PHONE, ADDRESS)
    assert stored.id_number == holder.id_number


def test_only_what_is_read_is_decrypted_and_only_once(holder, monkeypatch):
    decrypted = []
    decrypt = fields.decrypt
    monkeypatch.setattr(fields, "decrypt", lambda token: decrypted.append(token) or decrypt(token))
    stored = Holder.objects.get(pk=holder.pk)
    assert decrypted == []
    assert stored.phone == stored.phone == PHONE
    assert len(decrypted) == 1


def test_a_value_that_no_row_decrypts_shows_nothing_and_may_be_stored_again(holder):
    [sealed] = Holder.objects.values_list("phone", flat=True)
    assert str(sealed) == "Sealed()"
    assert sealed.text() == PHONE
    assert Holder(phone=sealed).phone == PHONE
    Holder.objects.update(former_phone=sealed)
    assert Holder.objects.get().former_phone == PHONE


def test_the_column_holds_a_token_and_not_the_value(holder):
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, address, id_number FROM people_holder")
        row = cursor.fetchone()
    for value, token in zip((PHONE, ADDRESS, holder.id_number), row, strict=True):
        assert value not in token
        assert fields.decrypt(token) == value


def test_a_day_comes_back_and_is_stored_as_a_token(holder):
    stored = Holder.objects.get(pk=holder.pk)
    assert stored.birth_date == holder.birth_date
    [sealed] = Holder.objects.values_list("birth_date", flat=True)
    assert sealed.text() == holder.birth_date.isoformat()
    with pytest.raises(FieldError):
        Holder.objects.filter(birth_date__lte=holder.birth_date).exists()


def test_a_value_is_found_by_its_blind_index(holder):
    make_holder()
    assert Holder.objects.get(phone_index=fields.blind_index(PHONE)) == holder
    assert Holder.objects.get(id_number_index=fields.blind_index(holder.id_number)) == holder


def test_the_blind_index_depends_on_the_key(settings):
    before = fields.blind_index(PHONE)
    settings.INDEX_KEYS = ["another key"]
    assert fields.blind_index(PHONE) != before


def test_an_empty_value_has_no_index_so_many_people_may_have_no_phone(db):
    make_holder(phone="")
    assert make_holder(phone="").phone_index is None


@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "phone__in", "phone__startswith"])
def test_a_comparison_that_could_never_match_is_an_error(db, lookup):
    with pytest.raises(FieldError):
        Holder.objects.filter(**{lookup: [PHONE]}).exists()


@pytest.mark.parametrize("update_fields", [None, ["phone"]])
def test_the_index_follows_every_save(holder, update_fields):
    holder.phone = "13900005678"
    holder.save(update_fields=update_fields)
    assert Holder.objects.get(phone_index=fields.blind_index("13900005678")) == holder


def test_the_end_of_a_number_is_found_by_an_index_of_its_own(holder):
    assert Holder.objects.get(id_tail_index=fields.blind_index(holder.id_number[-4:])) == holder
    assert not Holder.objects.filter(id_tail_index=fields.blind_index(holder.id_number)).exists()


@pytest.mark.parametrize("update_fields", [None, ["id_number"]])
def test_the_index_of_the_end_follows_every_save(holder, update_fields):
    holder.id_number = make_id_number()
    holder.save(update_fields=update_fields)
    assert Holder.objects.get(id_tail_index=fields.blind_index(holder.id_number[-4:])) == holder


def test_filling_indexes_finds_what_was_written_without_one_and_repeats_safely(holder):
    make_holder()
    field = Holder._meta.get_field("id_tail_index")
    Holder.objects.filter(pk=holder.pk).update(id_tail_index=None)
    assert reindex.fill(Holder, field) == 1
    assert reindex.fill(Holder, field) == 0
    assert Holder.objects.get(id_tail_index=fields.blind_index(holder.id_number[-4:])) == holder


def test_a_new_key_encrypts_while_the_old_one_still_decrypts(settings):
    old, new = settings.FIELD_KEYS[0], new_field_key()
    token = fields.encrypt(PHONE)
    settings.FIELD_KEYS = [new, old]
    assert fields.decrypt(token) == PHONE
    renewed = fields.encrypt(PHONE)
    settings.FIELD_KEYS = [new]
    assert fields.decrypt(renewed) == PHONE
    with pytest.raises(InvalidToken):
        fields.decrypt(token)


def test_no_representation_of_a_row_shows_a_value(holder):
    shown = f"{holder!r}{holder}{Holder._meta.get_field('phone')!r}"
    for value in (PHONE, ADDRESS, holder.id_number, holder.name):
        assert value not in shown


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the file of SQLite")
def test_the_bytes_of_the_database_file_hold_none_of_it(tmp_path):
    holder = make_holder(phone=PHONE, address=ADDRESS)
    holder.phone = "13900005678"  # what was deleted or overwritten must not linger either
    holder.save()
    card = make_card(holder=holder)
    target = tmp_path / "copy.sqlite3"
    with sqlite3.connect(target) as copy:
        connection.connection.backup(copy)
    copy.close()
    source = Path(connection.settings_dict["NAME"])
    files = [target, *source.parent.glob(f"{source.name}*")]
    raw = b"".join(file.read_bytes() for file in files if file.is_file())
    assert holder.reference.encode() in raw  # the person is in there
    born = holder.birth_date.isoformat()
    for value in (PHONE, "13900005678", ADDRESS, holder.id_number, card.card_number, born):
        assert value.encode() not in raw
        assert value.encode("utf-16-le") not in raw
