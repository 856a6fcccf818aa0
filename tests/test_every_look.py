"""Whoever is shown full values is written into the book of events, at every place of the table."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.visibility import PLACES
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.encryption import sealed_boxes
from apps.events.models import Event
from apps.exports import profiles
from apps.handout import departments
from apps.handout.models import Department
from tests.exports import steps as exports
from tests.factories import rosters
from tests.factories.boxes import make_waiting
from tests.factories.cards import AT, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import (
    PASSWORD,
    make_colleague,
    make_holder,
    make_registration,
    make_reviewer,
    make_ward,
)
from tests.factories.regions import let_the_unit_collect

pytestmark = pytest.mark.django_db
REASON = {"disclosure-reason": "核对"}


@dataclass
class Opened:
    """The answer that shows `full`, and who was shown it."""

    by: object
    answer: object
    full: str


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def proven(holder):
    client = Client()
    login = {"login": holder.user.employee_number, "password": PASSWORD}
    client.post(reverse("account_login"), login)
    return client


def opened(by, name, *args, full, data=None, query="", client=None):
    """Opens the page `name`, or posts `data` to it."""
    client, url = client or browser(by), reverse(name, args=args)
    answer = client.get(url + query) if data is None else client.post(url, data)
    return Opened(by, answer, full)


def own_data():
    holder = make_holder()
    full = holder.id_number
    return opened(holder.user, "my_data:index", query="?full=1", full=full, client=proven(holder))


def data_of_a_child():
    holder = make_holder()
    ward = make_ward(holder, birth_date=date(2018, 6, 1))
    query = f"?full=1&person={ward.reference}"
    full = ward.id_number
    return opened(holder.user, "my_data:index", query=query, full=full, client=proven(holder))


def copy():
    holder = make_holder()
    data, full = {"format": "json"}, holder.id_number
    return opened(holder.user, "my_data:copy", data=data, full=full, client=proven(holder))


def a_case():
    found = make_request(RequestStatus.ACCEPTED)
    name, full = "admin:cards_cardrequest_disclose", found.holder.id_number
    return opened(make_reviewer(), name, found.reference, data=REASON, full=full)


def a_phone_from_a_list():
    found = make_request(RequestStatus.ACCEPTED)
    name, full = "admin:cards_cardrequest_phone", found.particulars.phone
    return opened(make_reviewer(), name, found.reference, data={}, full=full)


def a_loss():
    found = make_formal_loss()
    name, full = "admin:replacement_formalloss_disclose", found.declared_by.holder.phone
    return opened(make_reviewer(), name, found.reference, data=REASON, full=full)


def a_registration():
    found = make_registration(make_holder())
    name, full = "admin:people_guardianship_disclose", found.ward.id_number
    return opened(make_reviewer(), name, found.reference, data=REASON, full=full)


def a_claimed_loss():
    found, by = make_formal_loss(), make_reviewer()
    claims.claim(subject=found, by=by, at=timezone.now())
    name, full = "admin:replacement_formalloss_change", found.declared_by.holder.phone
    return opened(by, name, found.reference, full=full)


def a_claimed_registration():
    found, by = make_registration(make_holder()), make_reviewer()
    claims.claim(subject=found, by=by, at=timezone.now())
    return opened(
        by, "admin:people_guardianship_change", found.reference, full=found.ward.id_number
    )


def a_person_of_the_roster():
    holder, by = make_holder(), make_colleague(roles.SUPERVISOR)
    name, full = "admin:people_holder_disclose", holder.id_number
    return opened(by, name, holder.reference, data=REASON, full=full)


def rows_of_a_roster_to_mend():
    by = make_colleague(roles.SUPERVISOR)
    found = rosters.upload(by, "S9,张三,370100199001010011,13812341234,化学学院,在职")
    name, full = "admin:roster_rosterupload_to_mend", "370100199001010011"
    return opened(by, name, found.reference, "csv", data={}, full=full)


def everybody_at_the_table(name="admin:handout_boxcard_changelist", query="?all=1"):
    by = make_colleague(roles.HANDER)
    row = make_waiting(by, holder=make_holder(name="韩丑丑", department="化学学院"))
    return opened(by, name, query=query, full=row.holder.name)


def everybody_to_type_in():
    return everybody_at_the_table("admin:handout_boxcard_paper", "")


def list_to_sign(query=""):
    by = make_colleague(roles.HANDER)
    row = make_waiting(by, holder=make_holder(name="韩丑丑", department="化学学院"))
    query = query and f"?department={row.department.reference}"
    return opened(by, "admin:handout_boxcard_sign_list", query=query, full=row.holder.name)


def list_of_one_department_to_sign():
    return list_to_sign("department")


def department_of_a_contact(name="handout:department"):
    by = make_colleague(roles.HANDER)
    row = make_waiting(by, holder=make_holder(name="韩丑丑", department="化学学院"))
    contact, found = make_holder(department="化学学院"), Department.objects.get(name="化学学院")
    number = contact.user.employee_number
    departments.name_contact(department=found, employee_number=number, by=by, at=timezone.now())
    return opened(contact.user, name, found.reference, full=row.holder.name)


def list_of_a_contact_to_sign():
    return department_of_a_contact("handout:department_list")


def an_export(is_full=False):
    make_request(RequestStatus.ACCEPTED, at=AT)
    by, at = make_colleague(roles.SUPERVISOR), timezone.now()
    exports.order(by, is_full=is_full, reason="上报" if is_full else "", at=at)
    name, found = "admin:exports_export_file", exports.run(at=at)
    return opened(by, name, found.reference, data={}, full="")


def a_full_export():
    return an_export(is_full=True)


def a_sheet():
    """Only the centre opens it, so nothing of it can be read in the answer."""
    make_request(RequestStatus.APPROVED, at=AT)
    by, at = make_colleague(roles.SUPERVISOR), timezone.now()
    profiles.order(receiver="main", which=profiles.NEW, reason="报送", by=by, at=at)
    name, found = "admin:exports_export_file", exports.run(at=at)
    return opened(by, name, found.reference, data={}, full="")


WAYS = {
    "my_data": (own_data, data_of_a_child),
    "copy": (copy,),
    "case": (
        a_case,
        a_phone_from_a_list,
        a_loss,
        a_registration,
        a_claimed_loss,
        a_claimed_registration,
    ),
    "roster": (a_person_of_the_roster, rows_of_a_roster_to_mend),
    "sign_list": (
        everybody_at_the_table,
        everybody_to_type_in,
        list_to_sign,
        list_of_one_department_to_sign,
        list_of_a_contact_to_sign,
    ),
    "department": (department_of_a_contact,),
    "export": (an_export,),
    "export_full": (a_full_export,),
    "sheet": (a_sheet,),
}


def test_every_place_that_shows_full_values_by_an_event_is_walked_here():
    assert set(WAYS) == {name for name, place in PLACES.items() if place.shows_by_event}


@pytest.mark.sampled
@pytest.mark.parametrize("way", [way for ways in WAYS.values() for way in ways])
def test_whoever_is_shown_full_values_is_in_the_book(way, settings, tmp_path, filed_portrait):
    let_the_unit_collect()
    sealed_boxes.new_key(tmp_path / "centre")
    settings.BUREAU_PUBLIC_KEY = (tmp_path / "centre.public").read_text()
    found = way()
    assert found.answer.status_code == 200
    content = b"".join(found.answer) if found.answer.streaming else found.answer.content
    assert found.full in content.decode("utf-8", "replace")
    last = Event.objects.order_by("pk").last()
    assert last.by == found.by
    assert last.kind.actions(last.action).name in ("LOOK", "FETCH", "PRINT", "COPY")
    assert last.kind.is_audit_only
