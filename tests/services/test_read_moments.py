"""A moment is read as psycopg and Django would read it."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from psycopg import DataError

from sbk_portal.read_moments import MomentLoader

TIMESTAMPTZ = 1184


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        (b"2026-11-20 02:00:00+00", datetime(2026, 11, 20, 2, tzinfo=UTC)),
        (b"2026-11-20 02:00:00.5+00", datetime(2026, 11, 20, 2, 0, 0, 500_000, tzinfo=UTC)),
        (b"2026-11-20 10:30:00+08:30", datetime(2026, 11, 20, 2, tzinfo=UTC)),
        (b"0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("kind", [bytes, memoryview])
def test_what_postgresql_writes_is_a_moment_in_utc(written, moment, kind):
    found = MomentLoader(TIMESTAMPTZ).load(kind(written))
    assert (found, found.tzinfo) == (moment, UTC)


@pytest.mark.parametrize("written", [b"infinity", b"0044-03-15 12:00:00+00 BC"])
def test_what_python_has_no_moment_for_is_refused_as_before(written):
    with pytest.raises(DataError):
        MomentLoader(TIMESTAMPTZ).load(written)


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_connections_of_the_portal_read_so():
    with connection.cursor() as cursor:
        cursor.execute("SELECT '2026-11-20 10:00:00.25+08'::timestamptz")
        (found,) = cursor.fetchone()
        assert cursor.connection.adapters.get_loader(TIMESTAMPTZ, 0) is MomentLoader
    assert found == datetime(2026, 11, 20, 2, 0, 0, 250_000, tzinfo=UTC)
