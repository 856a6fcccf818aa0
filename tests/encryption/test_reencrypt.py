import pytest
from django.core.management import CommandError, call_command

from apps.encryption.fields import blind_index
from apps.people.models import Holder
from tests.factories.people import make_holder
from tests.keys import new_field_key

pytestmark = pytest.mark.django_db


def test_after_reencrypting_the_old_key_is_not_needed_any_more(settings):
    holder = make_holder(phone="13800001234")
    old, new = settings.FIELD_KEYS[0], new_field_key()

    settings.FIELD_KEYS = [new, old]
    call_command("reencrypt", verbosity=0)

    settings.FIELD_KEYS = [new]
    holder.refresh_from_db()
    assert holder.phone == "13800001234"


def test_a_second_run_finds_nothing_to_do(settings, capsys):
    make_holder()
    settings.FIELD_KEYS = [new_field_key(), *settings.FIELD_KEYS]
    call_command("reencrypt")
    assert "people.Holder.id_number: 1\n" in capsys.readouterr().out
    call_command("reencrypt")
    assert "people.Holder.id_number: 0\n" in capsys.readouterr().out


def test_a_missing_blind_index_is_filled(capsys):
    holder = make_holder()
    Holder.objects.update(id_tail_index=None)
    call_command("reencrypt")
    assert "people.Holder.id_tail_index: 1\n" in capsys.readouterr().out
    tail = blind_index(holder.id_number[-4:])
    assert Holder.objects.get(id_tail_index=tail) == holder


def test_values_that_no_key_reads_are_counted_and_left_alone(settings):
    holder = make_holder()
    right, number = settings.FIELD_KEYS, holder.id_number
    settings.FIELD_KEYS = [new_field_key()]
    with pytest.raises(CommandError, match="4 个值"):
        call_command("reencrypt", verbosity=0)
    settings.FIELD_KEYS = right
    holder.refresh_from_db()
    assert holder.id_number == number
