"""Two who decide at the same moment: one change is made, once."""

import pytest

from apps.desk import roles
from apps.encryption.fields import blind_indexes
from apps.people.models import Holder
from apps.person_changes.enums import PersonChangeKind, PersonChangeStatus
from apps.person_changes.models import PersonChange
from tests.contests import at_once
from tests.factories.cards import make_card
from tests.factories.people import make_colleague, make_holder, make_id_number
from tests.person_changes.test_numbers import confirm, propose

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def fresh(change):
    return PersonChange.objects.select_related("holder__user", "other__user").get(pk=change.pk)


def confirmed_by(change, number, by):
    return lambda: confirm(fresh(change), number, by=by)


def test_of_two_confirmations_at_once_one_is_made():
    for _ in range(5):
        stays, ends = make_holder(), make_holder()
        card = make_card(holder=ends)
        change = propose(PersonChangeKind.MERGE, stays, other=ends)
        both = [make_colleague(roles.SUPERVISOR) for _ in range(2)]
        refusals = at_once(*(confirmed_by(change, "", by) for by in both))
        assert len(refusals) == 1
        assert refusals[0].message
        change = fresh(change)
        assert change.status == PersonChangeStatus.DONE
        assert change.events.filter(action="CONFIRM").count() == 1
        assert stays.cards.get() == card


def test_of_two_people_who_get_one_number_at_once_one_gets_it():
    for _ in range(5):
        number = make_id_number()
        people = [make_holder(), make_holder()]
        changes = [propose(PersonChangeKind.ID_NUMBER, each, number) for each in people]
        by = [make_colleague(roles.SUPERVISOR) for _ in changes]
        refusals = at_once(
            *(confirmed_by(change, number, who) for change, who in zip(changes, by, strict=True))
        )
        assert len(refusals) == 1
        assert Holder.objects.filter(id_number_index__in=blind_indexes(number)).count() == 1
        done = PersonChange.objects.filter(
            pk__in=[each.pk for each in changes], status=PersonChangeStatus.DONE
        ).get()
        assert done.holder.id_number == number


def test_of_two_proposals_at_once_one_waits():
    for _ in range(5):
        holder = make_holder()
        refusals = at_once(
            lambda holder=holder: propose(PersonChangeKind.EMPLOYEE_NUMBER, holder, "D-1"),
            lambda holder=holder: propose(PersonChangeKind.EMPLOYEE_NUMBER, holder, "D-2"),
        )
        assert len(refusals) == 1
        assert refusals[0].code == "waiting"
        assert PersonChange.objects.filter(holder=holder).count() == 1
