"""Who may order and fetch which export."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.event_kinds import FileAction
from apps.events.models import Event
from apps.exports import services
from apps.exports.enums import ExportAction
from apps.exports.lifecycle import EXPORT
from apps.exports.models import Export
from tests.book import desk_events
from tests.exports.steps import LATER, exported, order, run
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_reviewer

pytestmark = pytest.mark.django_db


def test_an_export_is_an_event_with_scope_format_rows_and_reason(supervisor):
    make_request(RequestStatus.ACCEPTED)
    export = exported(supervisor, "", is_full=True, reason="与银行核对")
    event = Event.objects.of_kind(EXPORT).get(action=ExportAction.FINISH)
    assert (event.action, event.by, event.reference) == (
        ExportAction.FINISH,
        supervisor,
        export.reference,
    )
    assert event.reason == "与银行核对"
    assert event.facts == {"scope": "待审核的申请", "format": "CSV", "is_full": True, "rows": 1}


def test_full_numbers_need_the_right_and_a_reason(reviewer, supervisor):
    make_request(RequestStatus.ACCEPTED)
    with pytest.raises(Refused) as refusal:
        order(reviewer, is_full=True, reason="想看看")
    assert refusal.value.code == "no_permission"
    with pytest.raises(Refused) as refusal:
        order(supervisor, is_full=True, reason="  ")
    assert refusal.value.code == "no_reason"


def test_an_auditor_orders_no_export():
    make_request(RequestStatus.ACCEPTED)
    with pytest.raises(Refused) as refusal:
        order(make_colleague(roles.AUDITOR))
    assert refusal.value.code == "no_permission"


def test_nothing_and_too_much_are_refused_before_a_worker_tries(reviewer, settings):
    with pytest.raises(Refused) as refusal:
        order(reviewer)
    assert refusal.value.code == "nothing"
    settings.EXPORT_MAX_ROWS = 1
    for _ in range(3):
        make_request(RequestStatus.ACCEPTED)
    with pytest.raises(Refused) as refusal:
        order(reviewer)
    assert refusal.value.code == "too_many"


def test_one_person_has_so_many_exports_under_way(reviewer, settings):
    settings.EXPORTS_IN_FLIGHT = 1
    make_request(RequestStatus.ACCEPTED)
    order(reviewer)
    with pytest.raises(Refused) as refusal:
        order(reviewer)
    assert refusal.value.code == "in_flight"
    order(make_reviewer())
    run()
    order(reviewer)


def test_one_person_orders_so_many_exports_within_an_hour(reviewer, settings):
    settings.EXPORTS_PER_HOUR = 2
    make_request(RequestStatus.ACCEPTED)
    for minutes in (0, 10):
        at = LATER + timedelta(minutes=minutes)
        order(reviewer, at=at)
        run(at=at)
    with pytest.raises(Refused) as refusal:
        order(reviewer, at=LATER + timedelta(minutes=20))
    assert refusal.value.code == "too_many_exports"
    goes_on = timezone.localtime(LATER + timedelta(minutes=61))
    assert f"{goes_on:%H:%M} 以后可以接着导出" in refusal.value.message
    order(make_reviewer(), at=LATER + timedelta(minutes=20))
    order(reviewer, at=LATER + timedelta(minutes=61))


def test_each_fetch_is_an_event(reviewer):
    make_request(RequestStatus.ACCEPTED)
    export = exported(reviewer)
    for _ in range(2):
        services.record_fetch(export=export, by=reviewer, at=LATER)
    fetches = desk_events().filter(action=FileAction.FETCH)
    assert [event.by for event in fetches] == [reviewer, reviewer]


def test_a_full_file_is_handed_out_only_as_long_as_the_right_lasts(supervisor):
    make_request(RequestStatus.ACCEPTED)
    export = exported(supervisor, is_full=True, reason="与银行核对")
    supervisor.groups.set(make_reviewer().groups.all())
    with pytest.raises(Refused) as refusal:
        services.record_fetch(export=export, by=Export.objects.get().by, at=LATER)
    assert refusal.value.code == "no_permission"
