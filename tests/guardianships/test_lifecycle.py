"""The life of a guardianship: what the book of events says of it, and its end by the clock."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.common.moments import day_of, start_of
from apps.events.enums import Role
from apps.guardianships import services as guardianships
from apps.guardianships import tasks
from apps.people.enums import GuardianshipAction, GuardianshipStatus
from apps.people.models import Guardianship, years_before
from tests.dates import in_words
from tests.factories.people import (
    MOMENT,
    make_holder,
    make_registration,
    make_reviewer,
    make_ward,
    set_birth_date,
)

pytestmark = pytest.mark.django_db

BORN = date(2018, 6, 1)
ENDS_AT = start_of(date(2034, 6, 1))


def end(at):
    return guardianships.end_due(at=at, deadline=Deadline(60))


def test_the_book_tells_who_registered_who_decided_and_why():
    guardian, reviewer = make_holder(), make_reviewer()
    guardianship = make_registration(guardian, birth_date=BORN)
    guardianships.refuse(guardianship=guardianship, reason=" 缺少户主页 ", by=reviewer, at=MOMENT)
    told = [(e.action, e.by, e.role, e.reason, e.holder_id, e.facts) for e in guardianship.events]
    facts = {"guardian": guardian.reference}
    ward = guardianship.ward_id
    assert told == [
        (GuardianshipAction.REGISTER, guardian.user, Role.GUARDIAN, "", ward, facts),
        (GuardianshipAction.REFUSE, reviewer, Role.REVIEWER, "缺少户主页", ward, facts),
    ]


def test_the_end_is_stored_at_the_registration():
    assert make_registration(make_holder(), birth_date=BORN).ends_at == ENDS_AT


@pytest.mark.parametrize("passed", [-1, 0, 1])
@pytest.mark.parametrize("decision", ["", "confirm", "refuse"])
def test_the_status_by_the_clock_is_the_same_in_python_and_in_the_database(passed, decision):
    guardianship = make_registration(make_holder(), birth_date=BORN)
    if decision == "confirm":
        guardianships.confirm(guardianship=guardianship, by=make_reviewer(), at=MOMENT)
    elif decision == "refuse":
        guardianships.refuse(
            guardianship=guardianship, reason="看不清", by=make_reviewer(), at=MOMENT
        )
    at = ENDS_AT + timedelta(seconds=passed)
    told = guardianship.status_at(at)
    assert (told == GuardianshipStatus.ENDED) == (decision == "confirm" and passed >= 0)
    assert Guardianship.objects.with_status_at(at).get().current_status == told
    for status in GuardianshipStatus:
        assert Guardianship.objects.in_status(status, at=at).exists() == (status == told)


def test_the_end_is_written_down_once_as_due_at_the_birthday():
    make_ward(make_holder(), birth_date=BORN)
    make_registration(make_holder(), birth_date=BORN)  # waits, and stays so
    assert end(ENDS_AT - timedelta(seconds=1)).done == 0
    late = ENDS_AT + timedelta(hours=3)
    assert (end(late).done, end(late).done) == (1, 0)
    ended = Guardianship.objects.in_status(GuardianshipStatus.ENDED, at=MOMENT).get()
    event = ended.events.last()
    assert (event.action, event.role) == (GuardianshipAction.END, Role.WORKER)
    assert (event.due_at, event.at) == (ENDS_AT, late)


def test_the_task_ends_what_is_due_and_may_run_twice():
    ward = make_ward(make_holder())
    set_birth_date(ward, years_before(day_of(timezone.now()), 16))
    for _ in range(2):
        tasks.end_guardianships()
    assert Guardianship.objects.get().status == GuardianshipStatus.ENDED


def test_a_guardianship_that_has_ended_still_says_when_it_was_confirmed(client):
    guardian = make_holder()
    ward = make_ward(guardian)
    set_birth_date(ward, years_before(day_of(timezone.now()), 16))
    tasks.end_guardianships()
    client.force_login(guardian.user)
    html = in_words(client.get(reverse("children:list")).content.decode())
    assert "代办已结束" in html
    assert "11月1日（周日）08:00:00" in html
