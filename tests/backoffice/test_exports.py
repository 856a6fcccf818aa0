"""Exports: who may order what, what a worker makes of it, and what becomes of the file."""

import csv
import io
import tempfile
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.http import QueryDict

from apps.backoffice.enums import ExportAction, ExportFormat, ExportStatus
from apps.backoffice.exports import columns, services
from apps.backoffice.lifecycle import EXPORT
from apps.backoffice.models import Export
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.event_kinds import FileAction
from apps.events.models import Event
from apps.people.policies import near_keys
from apps.requests.models import DiscardedFile
from apps.review.filters import RequestFilter
from tests.book import desk_events
from tests.factories.cards import AT, make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_ward
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)
ALL = "stage=all"


def order(by, query=ALL, *, format=ExportFormat.CSV, is_full=False, reason="", at=LATER):
    form = RequestFilter(QueryDict(query))
    assert form.is_valid()
    return services.order(form=form, format=format, is_full=is_full, reason=reason, by=by, at=at)


def write(export, *, at=LATER):
    return services.write(export=export, clock=lambda: at)


def run(*, at=LATER):
    """What one run of the worker does; returns the export as it is afterwards."""
    export = services.lease_next(at=at)
    services.finish(export=export, name=write(export, at=at), at=at)
    export.refresh_from_db()
    return export


def exported(by, query=ALL, **options):
    order(by, query, **options)
    return run()


def csv_rows(export):
    text = services.opened(export).read().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sheet(export):
    return openpyxl.load_workbook(services.opened(export)).active


@pytest.fixture
def reviewer():
    return make_reviewer()


@pytest.fixture
def supervisor():
    return make_colleague(roles.SUPERVISOR)


def test_a_row_says_what_the_desk_knows_with_masked_names_and_numbers(reviewer):
    holder = make_holder(name="欧阳娜娜", department="文学院")
    request = make_request(RequestStatus.COLLECTED, holder=holder)
    [row] = csv_rows(exported(reviewer))
    assert list(row) == [column.label for column in columns.columns()]
    assert row["业务受理编号"] == request.reference
    assert row["姓名"] == "***娜"
    assert row["社会保障号码"] == f"{holder.id_number[:3]}***********{holder.id_number[-4:]}"
    assert row["手机号"] == "138****8000"
    assert (row["工号"], row["部门"]) == (holder.user.employee_number, "文学院")
    assert (row["事项"], row["状态"], row["办理方式"]) == ("申领", "已领取", "本人")
    assert (row["提交时间"], row["缴费时间"]) == ("2026-11-23 10:01:00", "2026-11-23 10:02:00")
    assert (row["最近一次决定"], row["决定时间"]) == ("审核通过", "2026-11-23 10:04:00")
    assert row["社保卡号"] == f"*****{request.card.card_number[-4:]}"


def test_a_full_export_shows_numbers_and_names_but_no_card_number(supervisor):
    holder = make_holder()
    request = make_request(RequestStatus.COLLECTED, holder=holder)
    [row] = csv_rows(exported(supervisor, is_full=True, reason="与银行核对"))
    assert row["姓名"] == holder.name
    assert row["社会保障号码"] == holder.id_number
    assert row["手机号"] == "13800138000"
    assert row["社保卡号"] == f"*****{request.card.card_number[-4:]}"


def test_one_s_own_case_and_a_child_s_stay_masked_in_a_full_export(supervisor):
    own = make_holder(user=supervisor)
    child = make_ward(own)
    make_request(RequestStatus.ACCEPTED, holder=own)
    make_request(RequestStatus.ACCEPTED, holder=child, by=supervisor)
    make_request(RequestStatus.ACCEPTED)
    rows = csv_rows(exported(supervisor, is_full=True, reason="与银行核对"))
    numbers = [row["社会保障号码"] for row in rows]
    assert len(rows) == 3
    assert [number for number in numbers if "*" not in number] == [numbers[2]]


def test_only_what_the_filter_chooses_is_exported(reviewer):
    wanted = make_request(RequestStatus.ACCEPTED, city=make_city("370300", "淄博市"))
    make_request(RequestStatus.ACCEPTED)
    make_request(RequestStatus.REJECTED, city=make_city("370300", "淄博市"))
    export = exported(reviewer, "city=370300&unknown=1&age=")
    assert [row["业务受理编号"] for row in csv_rows(export)] == [wanted.reference]
    assert export.filter == "city=370300"
    assert export.scope == "申领地区：淄博市"


def test_a_child_s_request_names_the_guardian(reviewer):
    guardian = make_holder(name="王大力")
    make_request(RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user)
    [row] = csv_rows(exported(reviewer))
    assert (row["办理方式"], row["代办的监护人"]) == ("监护人代办", "**力")
    assert row["工号"] == guardian.user.employee_number


def test_the_workbook_keeps_numbers_as_text_and_moments_as_moments(supervisor):
    holder = make_holder()
    make_request(RequestStatus.ACCEPTED, holder=holder)
    export = exported(supervisor, format=ExportFormat.XLSX, is_full=True, reason="与银行核对")
    heading, row = sheet(export).iter_rows(values_only=True)
    cells = dict(zip(heading, row, strict=True))
    assert cells["社会保障号码"] == holder.id_number
    assert f"{cells['提交时间']:%Y-%m-%d %H:%M:%S}" == "2026-11-23 10:01:00"
    assert f"{cells['承诺办结日期']:%Y-%m-%d}" == "2026-11-26"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", '=HYPERLINK("x")']
)
def test_no_cell_becomes_a_formula(reviewer, text):
    make_request(RequestStatus.ACCEPTED, holder=make_holder(department=text))
    [row] = csv_rows(exported(reviewer))
    assert row["部门"] == f"'{text}"
    cell = sheet(exported(reviewer, format=ExportFormat.XLSX))["E2"]
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()


def test_control_characters_do_not_break_a_workbook(reviewer):
    make_request(RequestStatus.ACCEPTED, holder=make_holder(department="文\x0b学\x1f院"))
    assert sheet(exported(reviewer, format=ExportFormat.XLSX))["E2"].value == "文学院"


def test_chunks_leave_nothing_out_and_tell_nothing_twice(reviewer, monkeypatch):
    monkeypatch.setattr(columns, "CHUNK", 2)
    references = [make_request(RequestStatus.ACCEPTED).reference for _ in range(5)]
    rows = csv_rows(exported(reviewer))
    assert [row["业务受理编号"] for row in rows] == references


def test_a_chunk_of_6_costs_as_many_queries_as_one_of_2(reviewer, django_assert_num_queries):
    def read():
        export = Export(by=reviewer)
        requests = RequestFilter(QueryDict(ALL))
        assert requests.is_valid()
        chosen = requests.narrow(CardRequest.objects.all(), user=reviewer, at=LATER)
        shown = columns.columns()
        return [
            columns.row(request, shown, is_full=request.pk not in near)
            for chunk in columns.chunks(chosen)
            for near in [near_keys(chunk, export.by)]
            for request in chunk
        ]

    for _ in range(2):
        make_request(RequestStatus.COLLECTED)
    with django_assert_num_queries(5) as two:
        read()
    for _ in range(4):
        make_request(RequestStatus.COLLECTED)
    with django_assert_num_queries(len(two)):
        assert len(read()) == 6


def test_the_file_lies_encrypted_in_the_private_storage(supervisor):
    holder = make_holder()
    request = make_request(RequestStatus.ACCEPTED, holder=holder)
    export = exported(supervisor, is_full=True, reason="与银行核对")
    with export.file.open("rb") as file:
        raw = file.read()
    assert holder.id_number.encode() not in raw
    assert request.reference.encode() not in raw


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


def test_a_right_that_was_withdrawn_meanwhile_counts(supervisor):
    make_request(RequestStatus.ACCEPTED)
    order(supervisor, is_full=True, reason="与银行核对")
    supervisor.groups.clear()
    export = services.lease_next(at=LATER)
    with pytest.raises(Refused) as refusal:
        write(export)
    services.refuse(export=export, error=refusal.value.message, at=LATER)
    export.refresh_from_db()
    assert export.status_at(LATER) == ExportStatus.FAILED
    assert (export.error, export.file.name) == (refusal.value.message, "")


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


def test_what_grew_too_large_meanwhile_is_no_half_a_file(reviewer, settings):
    make_request(RequestStatus.ACCEPTED)
    order(reviewer)
    make_request(RequestStatus.ACCEPTED)
    settings.EXPORT_MAX_ROWS = 1
    with pytest.raises(Refused) as refusal:
        write(services.lease_next(at=LATER))
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


def test_a_filter_whose_city_is_gone_is_refused(reviewer):
    make_request(RequestStatus.ACCEPTED)
    order(reviewer, "city=370100")
    Export.objects.update(filter="city=999999")
    with pytest.raises(Refused) as refusal:
        write(services.lease_next(at=LATER))
    assert refusal.value.code == "filter"


def test_a_claimed_export_is_taken_again_when_the_lease_is_over(reviewer):
    make_request(RequestStatus.ACCEPTED)
    order(reviewer)
    killed = services.lease_next(at=LATER)
    assert services.lease_next(at=LATER) is None
    assert killed.status_at(LATER) == ExportStatus.RUNNING
    after = LATER + services.LEASE
    assert killed.status_at(after) == ExportStatus.WAITING
    again = run(at=after)
    assert again.pk == killed.pk
    assert again.tries == 2
    assert again.status_at(after) == ExportStatus.READY


def test_a_worker_that_comes_back_late_finishes_nothing(reviewer):
    make_request(RequestStatus.ACCEPTED)
    order(reviewer)
    late = services.lease_next(at=LATER)
    name = write(late)
    export = run(at=LATER + services.LEASE)
    assert not services.finish(export=late, name=name, at=LATER + services.LEASE)
    export.refresh_from_db()
    assert export.file.name != name
    assert Event.objects.of_kind(EXPORT).filter(action=ExportAction.FINISH).count() == 1
    # Its file belongs to no row, and is deleted in time.
    services.delete_expired(at=LATER + 3 * services.LEASE, limit=10)
    assert not default_storage.exists(name)
    assert default_storage.exists(export.file.name)


def test_a_long_export_renews_its_claim_with_every_chunk(reviewer, monkeypatch):
    monkeypatch.setattr(columns, "CHUNK", 1)
    for _ in range(3):
        make_request(RequestStatus.ACCEPTED)
    order(reviewer)
    export = services.lease_next(at=LATER)
    moments = iter(LATER + number * services.LEASE * 0.9 for number in range(1, 5))
    name = services.write(export=export, clock=lambda: next(moments))
    assert export.leased_until == LATER + 3.7 * services.LEASE
    assert services.finish(export=export, name=name, at=LATER + 3.6 * services.LEASE)


def test_an_export_that_never_ends_is_given_up(reviewer):
    make_request(RequestStatus.ACCEPTED)
    export = order(reviewer)
    at = LATER
    for _ in range(services.MOST_TRIES):
        assert services.lease_next(at=at) == export
        at += services.LEASE
    assert services.lease_next(at=at) is None
    export.refresh_from_db()
    assert export.status_at(at) == ExportStatus.FAILED


def test_the_file_goes_after_its_time_and_the_row_stays(reviewer, settings):
    make_request(RequestStatus.ACCEPTED)
    export = exported(reviewer)
    name = export.file.name
    over = LATER + settings.EXPORT_LIFETIME
    assert export.status_at(over - timedelta(seconds=1)) == ExportStatus.READY
    assert export.status_at(over) == ExportStatus.EXPIRED
    with pytest.raises(Refused) as refusal:
        services.record_fetch(export=export, by=reviewer, at=over)
    assert refusal.value.code == "expired"
    assert services.delete_expired(at=over, limit=10) == 1
    export.refresh_from_db()
    assert (export.file.name, export.row_count) == ("", 1)
    assert not default_storage.exists(name)
    assert not DiscardedFile.objects.exists()


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


def test_what_a_killed_worker_left_in_the_clear_is_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "openpyxl.k1ll3d"
    left.write_text("张超")
    written = AT.fromtimestamp(left.stat().st_mtime, tz=AT.tzinfo)
    over = written + services.LEASE
    services.delete_expired(at=over - timedelta(seconds=1), limit=10)
    assert left.exists()
    services.delete_expired(at=over + timedelta(seconds=1), limit=10)
    assert not left.exists()
