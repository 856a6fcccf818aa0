"""A worker is killed in the middle of a task: what it leaves is sound, and the next run goes on.

The kill comes at a statement that writes. What stands in a transaction is rolled back, as the
database does it when a process dies; what stands alone stays.
"""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.common import integrity
from apps.common.integrity import About
from apps.verification.enums import CheckMethod
from apps.verification.models import Check
from sbk_portal.celery import app
from tests.test_tasks import OUR_TASKS
from tests.whole_world import make_whole_world

WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """What no code catches as an error."""


class KillAtWrite:
    """Kills at the write number `number`, counted from 1. `count` is how many writes there were."""

    def __init__(self, number):
        self.number, self.count = number, 0

    def __call__(self, execute, sql, params, many, context):
        if sql.lstrip().startswith(WRITES):
            self.count += 1
            if self.count == self.number:
                raise Killed
        return execute(sql, params, many, context)


@pytest.fixture(scope="module")
def world(prepared):
    def make():
        found = make_whole_world()
        Check.objects.filter(method=CheckMethod.FACE).delete()  # made without its events
        return found

    yield from prepared(make)


def breaches():
    """(rule, row) of everything that is not true. The rows of the world break some by themselves.

    Files are left out: the names that factories give stand for no file.
    """
    found = integrity.verify(at=timezone.now(), about=[About.ROWS])
    return {(rule, row) for rule, rows in found.items() for row in rows}


def run(name, number):
    """Run the task `name`, killed at its write `number`. Returns whether it came that far."""
    kill = KillAtWrite(number)
    try:
        with connection.execute_wrapper(kill):
            app.tasks[name]()
    except Killed:
        # Where nothing is in a transaction, only the test's own is marked as broken.
        transaction.set_rollback(False)
        return True
    return False


pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("db", "world", "filed_portrait")
@pytest.mark.parametrize("number", [1, 2, *range(3, 40, 4)])
def test_a_task_that_is_killed_leaves_sound_data(number):
    came_that_far = 0
    before = breaches()
    for name in OUR_TASKS:
        with transaction.atomic():
            if run(name, number):
                came_that_far += 1
                assert breaches() <= before, name
                app.tasks[name]()
                assert breaches() <= before, name
            transaction.set_rollback(True)
    assert came_that_far or number > 2
