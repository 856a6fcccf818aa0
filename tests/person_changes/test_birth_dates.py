"""With a corrected birth date all moves that ends with a 16th birthday."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.deadlines import Deadline
from apps.desk import roles
from apps.guardianships import services as guardianships
from apps.handout import handing
from apps.handout.models import BoxCard
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.notices.services import collect
from apps.people.enums import GuardianshipStatus
from apps.people.models import Holder
from apps.person_changes.enums import PersonChangeKind
from tests.factories.boxes import ARRIVED, make_waiting
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_holder, make_id_number, make_ward
from tests.factories.regions import let_the_unit_collect
from tests.person_changes.test_numbers import ID_NUMBER, confirm, propose, texts_of
from tests.soundness import assert_sound

pytestmark = pytest.mark.django_db

LATER = ARRIVED + timedelta(hours=1)
CHILD, NEARLY_GROWN, GROWN = date(2018, 6, 1), date(2011, 3, 5), date(2009, 7, 7)


def correct(ward, born, *, at=LATER):
    number = make_id_number(birth_date=born, sex=ward.sex)
    confirm(propose(ID_NUMBER, ward, number, at=at), number, at=at)
    ward.refresh_from_db()


def merge(kept, ended, *, at=LATER):
    confirm(propose(PersonChangeKind.MERGE, kept, other=ended, at=at), at=at)
    kept.refresh_from_db()


def named_by_guardian(ward, guardian):
    """The card of `ward`, which a colleague may fetch for the guardian, and the colleague."""
    let_the_unit_collect()
    row = make_waiting(make_colleague(roles.HANDER), holder=ward, guardian=guardian)
    proxy = make_holder()
    handing.authorise(
        box_card=row, employee_number=proxy.user.employee_number, by=guardian.user, at=ARRIVED
    )
    return row, proxy


def may_fetch(proxy, row, *, at):
    row = BoxCard.objects.select_related("proxy").get(pk=row.pk)
    is_seen = row in BoxCard.objects.visible_to(proxy.user, at=at)
    assert is_seen == (row.proxy_at(at) == proxy.user)
    return is_seen


@pytest.mark.parametrize("born", [NEARLY_GROWN, GROWN])
def test_whom_a_guardian_named_fetches_up_to_the_corrected_birthday(born):
    guardian = make_holder()
    ward = make_ward(guardian, birth_date=CHILD)
    row, proxy = named_by_guardian(ward, guardian)
    assert may_fetch(proxy, row, at=LATER)
    correct(ward, born)
    before, after = (ward.own_from_at + timedelta(seconds=n) for n in (-1, 1))
    assert may_fetch(proxy, row, at=before)
    assert not may_fetch(proxy, row, at=after)
    assert_sound()


def test_what_a_guardian_was_told_before_the_correction_is_not_read_after_it(client):
    guardian = make_holder()
    ward = make_ward(guardian, birth_date=CHILD)
    make_request(RequestStatus.ACCEPTED, holder=ward, by=guardian.user)
    notices.collect(at=LATER, limit=100)
    notices.send_due(at=LATER, limit=100)
    client.force_login(guardian.user)
    assert "制卡申请已受理" in client.get(reverse("home:messages")).content.decode()
    at = LATER + timedelta(days=1)
    correct(ward, GROWN, at=at)
    assert ward.guardians.get().status == GuardianshipStatus.ENDED
    notices.collect(at=at, limit=100)
    notices.send_due(at=at, limit=100)
    visible = Notice.objects.visible_to(guardian.user, at=at)
    assert {notice.event.action for notice in visible} == {"CONFIRM", "END"}
    assert_sound()


def test_a_child_that_is_made_one_with_an_older_record_ends_by_that_record():
    guardian = make_holder()
    ward, older = make_ward(guardian, birth_date=CHILD), make_ward(guardian, birth_date=GROWN)
    row, proxy = named_by_guardian(ward, guardian)
    merge(older, ward)
    assert not may_fetch(proxy, row, at=LATER)
    for guardianship in older.guardians.not_refused():
        assert guardianship.ends_at == older.own_from_at
        assert guardianship.is_handed_over_at(LATER)
    assert_sound()


def test_a_guardianship_of_the_merged_record_ends_by_the_record_that_stays():
    """The mother registered the child under a wrong number, the father under the right one."""
    mother, father = make_holder(sex="2"), make_holder()
    wrong, right = make_ward(mother, birth_date=CHILD), make_ward(father, birth_date=GROWN)
    merge(right, wrong)
    assert not Holder.objects.visible_to(mother.user, at=LATER).filter(pk=right.pk).exists()
    assert_sound()


def test_a_guardianship_that_ended_by_a_wrong_birth_date_goes_on(client, monkeypatch):
    """A child of whom nobody could do or read anything: neither guardian nor child."""
    guardian = make_holder()
    ward = make_ward(guardian, birth_date=GROWN)
    assert guardianships.end_due(at=LATER, deadline=Deadline(60)).done == 1
    correct(ward, NEARLY_GROWN)
    guardianship = ward.guardians.get()
    assert guardianship.status == GuardianshipStatus.CONFIRMED
    collect(at=LATER + timedelta(hours=1), limit=100)
    assert texts_of(guardian.user)[-1].startswith("您子女*乐的出生日期已更正，未满16周岁，继续由")
    monkeypatch.setattr(timezone, "now", lambda: LATER)  # until March 2027
    client.force_login(guardian.user)
    assert ward in Holder.objects.visible_to(guardian.user, at=LATER)
    page = client.get(reverse("children:list")).content.decode()
    assert "代办已结束" not in page
    assert_sound()


def test_the_person_hears_of_the_end_by_the_right_birth_date():
    guardian = make_holder()
    ward = make_ward(guardian, birth_date=GROWN)
    guardianships.end_due(at=LATER, deadline=Deadline(60))
    collect(at=LATER, limit=100)
    correct(ward, NEARLY_GROWN)
    end = ward.own_from_at + timedelta(minutes=1)
    guardianships.end_due(at=end, deadline=Deadline(60))
    own = make_holder(birth_date=NEARLY_GROWN)
    Holder.objects.filter(pk=own.pk).update(user=None)
    Holder.objects.filter(pk=ward.pk).update(user=own.user)
    collect(at=end, limit=100)
    assert sum("代办已结束" in text for text in texts_of(own.user)) == 1
