"""What is kept for a minute is read once in it."""

from datetime import timedelta

from apps.common import kept_for_a_minute
from apps.common.kept_for_a_minute import KeptForAMinute
from tests.factories.cards import AT


def test_it_is_read_once_in_a_minute():
    names = iter(["before", "after", "last"])
    kept = KeptForAMinute(lambda: next(names))
    at = AT.replace(second=0)
    assert [kept.at(at), kept.at(at + timedelta(seconds=59))] == ["before", "before"]
    assert kept.at(at + timedelta(seconds=60)) == "after"
    kept_for_a_minute.forget_all()
    assert kept.at(at + timedelta(seconds=60)) == "last"
