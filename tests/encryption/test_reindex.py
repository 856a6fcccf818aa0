"""The key of the blind indexes changes while the portal runs."""

import pytest
from django.core.management import CommandError, call_command

from apps.encryption.fields import blind_index, blind_indexes
from apps.people import services
from apps.people.models import Holder
from apps.sign_in.backend import find_user
from tests.factories.cards import AT
from tests.factories.people import make_holder
from tests.keys import new_index_key

pytestmark = pytest.mark.django_db

PHONE = "13800001234"


@pytest.fixture
def holder():
    return make_holder(phone=PHONE)


@pytest.fixture
def rotating(holder, settings):
    settings.INDEX_KEYS = [new_index_key(), *settings.INDEX_KEYS]
    return holder


def test_both_keys_find_while_the_command_has_not_run(rotating):
    newcomer = make_holder(phone="13900001234")
    for person in (rotating, newcomer):
        assert find_user(person.phone) == person.user
        assert Holder.objects.get(id_number_index__in=blind_indexes(person.id_number)) == person


def test_nobody_enters_twice_meanwhile(rotating):
    again, _ = services.enter_staff_member(
        employee_number=rotating.user.employee_number,
        id_number=rotating.id_number,
        particulars={"phone": PHONE},
        by=None,
        at=AT,
    )
    assert again == rotating


def test_after_the_command_the_old_key_is_not_needed(rotating, settings, capsys):
    call_command("reindex")
    assert "people.Holder.phone_index: 1\n" in capsys.readouterr().out
    settings.INDEX_KEYS = settings.INDEX_KEYS[:1]
    assert Holder.objects.get(phone_index=blind_index(PHONE)) == rotating
    call_command("reindex")
    assert "people.Holder.phone_index: 0\n" in capsys.readouterr().out


def test_a_run_that_was_broken_off_is_taken_up(rotating):
    second = make_holder()
    Holder.objects.filter(pk=second.pk).update(id_number_index=blind_indexes(second.id_number)[1])
    call_command("reindex", verbosity=0)
    stored = Holder.objects.values_list("id_number_index", flat=True)
    assert {*stored} == {blind_index(one.id_number) for one in (rotating, second)}


def test_an_index_that_cannot_be_changed_is_told_and_stays(rotating):
    other = make_holder()
    Holder.objects.filter(pk=other.pk).update(id_number_index=blind_index(rotating.id_number))
    old = Holder.objects.get(pk=rotating.pk).id_number_index
    with pytest.raises(CommandError, match="索引没有更换"):
        call_command("reindex", verbosity=0)
    assert Holder.objects.get(pk=rotating.pk).id_number_index == old
