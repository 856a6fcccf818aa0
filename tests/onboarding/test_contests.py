"""Two workers, or two clicks, at once, with real threads on PostgreSQL."""

from datetime import timedelta

import pytest

from apps.common.deadlines import Deadline
from apps.events.models import Event
from apps.invitations.funnel import FunnelStep
from apps.onboarding import reminders, services
from apps.onboarding.enums import ReminderRunStatus
from apps.onboarding.event_kinds import REMINDER
from apps.people.models import Holder
from tests.contests import at_once
from tests.factories.cards import AT, make_draft
from tests.factories.people import make_reviewer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LATER = AT + timedelta(days=9)
PEOPLE = 12


def prepare(by):
    return services.prepare(
        people=Holder.objects.all(),
        step=FunnelStep.DRAFT,
        chosen="全校",
        query="all",
        by=by,
        at=LATER,
    )


@pytest.fixture
def reviewer():
    for _ in range(PEOPLE):
        make_draft()
    return make_reviewer()


def work():
    reminders.work_off(at=LATER, deadline=Deadline(60))


def told():
    return Event.objects.of_kind(REMINDER).count()


def test_of_two_clicks_one_starts_the_run(reviewer):
    run = prepare(reviewer)

    def start():
        services.start(run=run, seen=PEOPLE, by=reviewer, at=LATER)

    assert len(at_once(start, start)) == 1


def test_three_workers_at_two_runs_tell_everybody_once(reviewer):
    runs = [prepare(reviewer), prepare(reviewer)]
    for run in runs:
        services.start(run=run, seen=PEOPLE, by=reviewer, at=LATER)
    at_once(work, work, work)
    work()
    assert told() == PEOPLE
    for run in runs:
        run.refresh_from_db()
        assert run.status == ReminderRunStatus.DONE


def test_a_rule_and_a_reviewer_at_once_tell_everybody_once(reviewer):
    run = prepare(reviewer)
    services.start(run=run, seen=PEOPLE, by=reviewer, at=LATER)
    at_once(work, lambda: reminders.remind_due(at=LATER, deadline=Deadline(60)))
    work()
    assert told() == PEOPLE
