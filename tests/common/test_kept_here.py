"""What is kept in a process is read once in its time."""

from datetime import timedelta

from apps.common import kept_here
from apps.common.kept_here import KeptHere
from tests.factories.cards import AT


def test_it_is_read_once_in_its_time_for_each_argument():
    calls = []
    kept = KeptHere(lambda *given: calls.append(given) or len(calls), seconds=60)
    assert [kept.at(AT, "a"), kept.at(AT, "b"), kept.at(AT + timedelta(seconds=59), "a")] == [
        1,
        2,
        1,
    ]
    assert kept.at(AT + timedelta(seconds=60), "a") == 3
    kept_here.forget_all()
    assert kept.at(AT + timedelta(seconds=60), "a") == 4


def test_a_clock_that_was_set_back_does_not_keep_it_longer():
    numbers = iter([1, 2])
    kept = KeptHere(lambda: next(numbers), seconds=60)
    assert kept.at(AT) == 1
    assert kept.at(AT - timedelta(days=1)) == 2
