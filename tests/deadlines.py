"""What the tables of days share: each entry is kept to 24:00 of its last day, and no longer."""

from datetime import timedelta

from django.db import transaction

from apps.common.moments import end_of
from apps.common.refusals import Refused

SECOND = timedelta(seconds=1)


def refuses(check, *args, **options):
    try:
        check(*args, **options)
    except Refused:
        return True
    return False


def undone(sweep):
    """What `sweep()` returns; what it did is rolled back."""
    with transaction.atomic():
        done = sweep()
        transaction.set_rollback(True)
    return bool(getattr(done, "done", done))


def assert_kept_to_its_end(deadline):
    """`deadline()` returns its last day, and what says at a moment whether it is over."""
    last_day, is_over = deadline()
    assert is_over(end_of(last_day) - SECOND) == {False}
    assert is_over(end_of(last_day)) == {True}
