from datetime import UTC, datetime

import pytest

from apps.common import moments


def test_a_moment_comes_back_as_it_went():
    at = datetime(2026, 11, 25, 1, 2, 3, 456789, tzinfo=UTC)
    assert moments.parse(at.isoformat()) == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gestern",
        "2026-13-45T00:00:00+00:00",
        "2026-11-25T01:02:03",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_whatever_was_made_of_it_meanwhile_is_none(text):
    assert moments.parse(text) is None
