"""After a leak: whose data an account saw in a time, and that asking is recorded."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from apps.audit import seen
from apps.audit.event_kinds import TRACE, TraceAction
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk import roles
from apps.encryption import sealed_boxes
from apps.events.enums import Channel
from apps.events.models import Event
from apps.exports import profiles, working
from apps.exports import services as exports
from apps.exports.models import Export, ExportedRequest
from apps.handout import departments, handing, looks
from apps.handout.enums import DepartmentAction, HandedWay
from apps.handout.models import Department
from apps.my_data.looks import looks_at
from apps.review.filters import RequestFilter
from tests.audit.steps import look
from tests.exports import steps
from tests.factories.boxes import ARRIVED, make_waiting
from tests.factories.cards import AT, make_request
from tests.factories.people import (
    PASSWORD,
    make_colleague,
    make_holder,
    make_reviewer,
    make_ward,
)
from tests.factories.regions import let_the_unit_collect

pytestmark = pytest.mark.django_db
SEEN = reverse("admin:events_event_seen")
MINUTE = timedelta(minutes=1)


def sights(user, *, since=AT - timedelta(days=1), until=AT + timedelta(days=1)):
    return seen.persons_of(seen.sights_of(user, since=since, until=until))[0]


def test_a_look_names_the_person_the_fields_and_the_time():
    card_request = make_request(RequestStatus.ACCEPTED, at=AT)
    make_request(RequestStatus.ACCEPTED, at=AT)
    reviewer = make_reviewer()
    look(card_request, by=reviewer, at=AT)
    (person,) = sights(reviewer)
    assert person.holder == card_request.holder
    assert person.what == "社会保障号码"
    assert person.told_through == [card_request.holder.user.employee_number]
    assert sights(make_reviewer()) == []
    assert sights(reviewer, since=AT + timedelta(hours=1)) == []
    assert sights(reviewer, until=AT) == []


def test_of_a_child_the_guardian_is_told():
    father = make_holder()
    ward = make_ward(father)
    reviewer = make_reviewer()
    look(make_request(RequestStatus.ACCEPTED, holder=ward, by=father.user, at=AT), by=reviewer)
    (person,) = sights(reviewer)
    assert person.holder == ward
    assert person.told_through == [father.user.employee_number]


def fetched(by):
    """A file with all requests, written and fetched by `by`."""
    form = RequestFilter({"stage": "all"})
    assert form.is_valid()
    form.data = {"stage": "all"}
    exports.order(form=form, format="CSV", is_full=False, reason="", by=by, at=AT)
    export = working.lease_next(at=AT)
    name = working.write(export=export, clock=lambda: AT)
    working.finish(export=export, name=name, at=AT)
    exports.record_fetch(export=Export.objects.get(), by=by, at=AT)


def test_a_file_that_was_fetched_names_everybody_in_it():
    holders = {make_request(RequestStatus.ACCEPTED, at=AT).holder for _ in range(2)}
    reviewer = make_reviewer()
    fetched(reviewer)
    assert ExportedRequest.objects.count() == CardRequest.objects.count() == 2
    found = sights(reviewer)
    assert {person.holder for person in found} == holders
    assert all("遮盖" in person.what for person in found)


def answer(client, role, **form):
    client.force_login(make_colleague(role))
    return client.post(SEEN, {"since": "2026-11-01", "until": "2026-12-31", **form})


@pytest.mark.parametrize("role", [roles.SUPERVISOR, roles.AUDITOR])
def test_the_page_shows_it_masked_and_records_the_question(client, role):
    card_request = make_request(RequestStatus.ACCEPTED, at=AT)
    reviewer = make_reviewer()
    look(card_request, by=reviewer, at=AT)
    response = answer(client, role, account=reviewer.employee_number, reason="账户被盗")
    page = response.content.decode()
    assert card_request.holder.reference in page
    assert card_request.holder.name not in page
    event = Event.objects.of_kind(TRACE).get()
    assert (event.action, event.reason) == (TraceAction.TRACE, "账户被盗")
    assert event.facts["rows"] == 1


def test_the_list_is_a_file_and_its_download_is_recorded(client):
    card_request = make_request(RequestStatus.ACCEPTED, at=AT)
    reviewer = make_reviewer()
    look(card_request, by=reviewer, at=AT)
    form = {"account": reviewer.employee_number, "reason": "账户被盗", "file": "1"}
    response = answer(client, roles.AUDITOR, **form)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert card_request.holder.reference in text
    assert card_request.holder.id_number not in text
    assert Event.objects.of_kind(TRACE).get().action == TraceAction.FETCH


def test_nothing_is_told_without_a_reason_or_of_an_unknown_account(client):
    number = make_reviewer().employee_number
    assert "请写明追查的原因" in answer(client, roles.AUDITOR, account=number).content.decode()
    response = answer(client, roles.AUDITOR, account="NOBODY", reason="查")
    assert "没有这个工号的账户" in response.content.decode()
    assert not Event.objects.of_kind(TRACE).exists()


def test_the_command_says_the_same_and_is_recorded(capsys):
    card_request = make_request(RequestStatus.ACCEPTED, at=AT)
    reviewer = make_reviewer()
    look(card_request, by=reviewer, at=AT)
    span = {"since": day_of(AT), "until": day_of(AT)}
    call_command("seen", reviewer.employee_number, reason="账户被盗", **span)
    told = capsys.readouterr().out
    assert card_request.holder.reference in told
    assert card_request.holder.name not in told
    assert Event.objects.of_kind(TRACE).get().by is None
    with pytest.raises(CommandError):
        call_command("seen", "NOBODY", reason="查", **span)


def listed(by, department, *, at, action=DepartmentAction.PRINT, channel=Channel.ADMIN):
    """The `SeenPerson`s of one list that `by` opens."""
    departments.record(department=department, action=action, by=by, at=at, channel=channel)
    return sights(by, since=at, until=at + MINUTE)


def test_a_list_of_names_names_everybody_in_it():
    let_the_unit_collect()
    hander = make_colleague(roles.HANDER)
    rows = [
        make_waiting(hander, holder=make_holder(department=name))
        for name in ("化学学院", "物理学院")
    ]
    at = ARRIVED + timedelta(hours=1)
    found = listed(hander, None, at=at)
    assert {person.holder for person in found} == {row.holder for row in rows}
    assert {person.what for person in found} == {looks.SHOWN}
    (person,) = listed(hander, rows[0].department, at=at + MINUTE)
    assert person.holder == rows[0].holder
    handing.hand_out(box_card=rows[0], way=HandedWay.NUMBER, by=hander, at=at + 2 * MINUTE)
    (person,) = listed(hander, None, at=at + 3 * MINUTE)
    assert person.holder == rows[1].holder
    assert sights(hander, since=at, until=at + MINUTE)[0].told_through


def test_a_contact_person_sees_everybody_of_the_department():
    contact, colleague = (make_holder(department="化学学院") for _ in range(2))
    make_holder(department="物理学院")
    departments.follow_roster(at=AT)
    department = Department.objects.get(name="化学学院")
    page = {"action": DepartmentAction.LOOK, "channel": Channel.WEB}
    found = listed(contact.user, department, at=AT, **page)
    assert {person.holder for person in found} == {contact, colleague}


def test_whoever_stood_in_a_list_reads_who_opened_it():
    let_the_unit_collect()
    hander = make_colleague(roles.HANDER)
    row = make_waiting(hander, holder=make_holder(department="化学学院"))
    at, page = ARRIVED + timedelta(hours=1), {"action": DepartmentAction.LOOK}
    listed(hander, None, at=ARRIVED - timedelta(days=1), **page)
    assert looks_at(row.holder) == []
    for minutes in range(3):
        listed(hander, None, at=at + minutes * MINUTE, **page)
    (look,) = looks_at(row.holder)
    assert look.what == looks.SHOWN
    assert looks_at(make_holder(department="物理学院")) == []
    (look,) = looks_at(row.holder, limit=1)
    assert look.at == at + 2 * MINUTE


def signed_in(client, holder):
    login = {"login": holder.user.employee_number, "password": PASSWORD}
    client.post(reverse("account_login"), login)
    return {"since": timezone.now(), "until": timezone.now() + timedelta(minutes=1)}


def test_of_an_account_of_the_portal_it_names_the_holder_and_the_children(client):
    """Such an account can be stolen as well."""
    mother = make_holder()
    ward = make_ward(mother)
    span = signed_in(client, mother)
    client.post(reverse("my_data:copy"), {"format": "json"})
    found = {person.holder: person.what for person in sights(mother.user, **span)}
    assert set(found) == {mother, ward}
    for what in found.values():
        assert "我的信息的全部内容" in what
        assert seen.ON_OWN_PAGES in what


def test_who_was_merged_since_is_told_as_the_person_of_now():
    kept = make_holder()
    card_request = make_request(RequestStatus.ACCEPTED, at=AT)
    reviewer = make_reviewer()
    look(card_request, by=reviewer, at=AT)
    card_request.holder.merged_into = kept
    card_request.holder.save()
    (person,) = sights(reviewer)
    assert person.holder == kept
    assert person.told_through == [kept.user.employee_number]


def test_a_sheet_for_a_receiver_is_called_so(settings, tmp_path, filed_portrait):
    sealed_boxes.new_key(tmp_path / "centre")
    settings.BUREAU_PUBLIC_KEY = (tmp_path / "centre.public").read_text()
    holder = make_request(RequestStatus.APPROVED, at=AT).holder
    by = make_colleague(roles.SUPERVISOR)
    at = AT + timedelta(hours=20)
    profiles.order(receiver="main", which=profiles.NEW, reason="报送", by=by, at=at)
    exports.record_fetch(export=steps.run(at=at), by=by, at=at)
    (person,) = [person for person in sights(by) if person.holder == holder]
    assert "采集表，为接收方加密" in person.what
