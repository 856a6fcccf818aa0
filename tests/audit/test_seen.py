"""After a leak: whose data an account saw in a time, and that asking is recorded."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.audit import seen
from apps.audit.event_kinds import TRACE, TraceAction
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk import roles
from apps.events.models import Event
from apps.exports import services as exports
from apps.exports import working
from apps.exports.models import Export, ExportedRequest
from apps.review.filters import RequestFilter
from tests.audit.steps import look
from tests.factories.cards import AT, make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_ward

pytestmark = pytest.mark.django_db
SEEN = reverse("admin:events_event_seen")


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
