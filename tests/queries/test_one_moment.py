"""Queries that see one moment, while others write."""

import threading

import pytest
from django.db import connection, transaction

from apps.queries.one_moment import one_moment
from apps.regions.models import Province

pytestmark = pytest.mark.django_db(transaction=True)


def add_a_province(code):
    """In another connection, to the end of its transaction."""

    def run():
        Province.objects.create(code=code, name=code)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_what_others_write_meanwhile_is_not_seen():
    with one_moment():
        before = Province.objects.count()
        add_a_province("710000")
        assert Province.objects.count() == before
    assert Province.objects.count() == before + 1


def test_after_an_error_the_connection_goes_on_as_before():
    with pytest.raises(ValueError, match="meanwhile"), one_moment():
        raise ValueError("meanwhile")
    with transaction.atomic():
        add = Province.objects.create(code="710000", name="某省")
    assert Province.objects.filter(pk=add.pk).exists()


def test_inside_a_transaction_it_sees_what_the_transaction_wrote():
    with transaction.atomic():
        Province.objects.create(code="710000", name="某省")
        with one_moment():
            assert Province.objects.filter(code="710000").exists()
    assert Province.objects.filter(code="710000").exists()
