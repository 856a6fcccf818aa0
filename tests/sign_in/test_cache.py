"""The cache that counts tries says when it cannot count."""

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper

pytestmark = pytest.mark.django_db


def test_what_the_database_does_not_take_is_an_error_and_no_lock_of_somebody_else(monkeypatch):
    execute = CursorWrapper._execute

    def full(cursor, sql, *statement):
        if sql.startswith(("INSERT", "UPDATE")):
            raise OperationalError("database or disk is full")
        return execute(cursor, sql, *statement)

    with monkeypatch.context() as broken:
        broken.setattr(CursorWrapper, "_execute", full)
        for write in (cache.add, cache.set):
            with pytest.raises(OperationalError):
                write("key", 1)
    assert cache.add("key", 1)


def test_a_key_that_is_there_is_not_added_again():
    assert cache.add("key", 1)
    assert not cache.add("key", 2)
    assert cache.get("key") == 1
