"""The pages of bulk work: from the filter to the result, for whoever may open them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.bulk import services
from apps.bulk.enums import BulkOutcome, RunStatus
from apps.bulk.models import BulkRun
from apps.bulk.tasks import work_off_bulk_runs
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk import roles
from tests.factories.cards import make_calm, make_request
from tests.factories.people import make_colleague
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db

NEW = reverse("admin:bulk_bulkrun_new")
LIST = reverse("admin:bulk_bulkrun_changelist")


def calm(**options):
    return make_calm(at=timezone.now() - timedelta(hours=1), **options)


def page_of(run, name="change"):
    return reverse(f"admin:bulk_bulkrun_{name}", args=[run.reference])


def text(response):
    return response.content.decode()


def post(desk, data, query=""):
    desk.post(f"{NEW}{query}", data)
    return BulkRun.objects.latest("pk")


def look(desk, query=""):
    """Open the contact sheet of the list and load its pictures."""
    sheet = desk.get(f"{reverse('admin:bulk_bulkrun_sheet')}{query}").context["sheet"]
    desk.get(page_of(sheet, "pictures"))
    return sheet


def prepare(desk, query="", **data):
    look(desk, query)
    return post(desk, {"action": "APPROVE"} | data, query)


def start(desk, run):
    return desk.post(page_of(run, "start"), follow=True)


def statuses(*requests):
    return [CardRequest.objects.get(pk=card_request.pk).status for card_request in requests]


def test_from_the_filter_to_the_result(desk, reviewer):
    jinan, zibo = make_city(), make_city("370300", "淄博市")
    first, second, elsewhere = calm(city=jinan), calm(city=jinan), calm(city=zibo)
    risky = make_request(RequestStatus.ACCEPTED, city=jinan, at=timezone.now())
    query = f"?city={jinan.pk}"
    chosen = text(desk.get(f"{NEW}{query}"))
    assert "申领地区：<b>济南市</b>" in chosen
    assert [card_request.reference in chosen for card_request in (first, second, elsewhere)] == [
        True,
        True,
        False,
    ]

    run = prepare(desk, query)
    dry = text(desk.get(page_of(run)))
    assert "可以办理 <b>2</b> 件，共选中 3 件" in dry
    assert "有风险提示（没有比对人脸、名册没有照片、手机号有变），请单独审核。" in dry
    for page in (chosen, dry):
        assert f"信息学院 · 工号 {risky.applicant.employee_number}" in page
    assert statuses(first, second, risky) == [RequestStatus.ACCEPTED] * 3

    assert "已开始" in text(start(desk, run))
    work_off_bulk_runs()
    done = text(desk.get(page_of(run)))
    assert "已处理 2 件，共 2 件" in done
    assert "整批撤回" in done
    assert statuses(first, second, risky) == ["APPROVED", "APPROVED", "ACCEPTED"]

    desk.post(page_of(run, "recall"))
    work_off_bulk_runs()
    run.refresh_from_db()
    assert run.status == RunStatus.RECALLED
    assert statuses(first, second) == [RequestStatus.ACCEPTED] * 2
    assert "整批撤回" not in text(desk.get(page_of(run)))


def test_rows_that_are_ticked_stay_out(desk):
    kept, left_out = calm(), calm()
    run = prepare(desk, leave_out=[left_out.reference])
    assert [row.card_request for row in run.rows.all()] == [kept]


def test_with_nothing_left_there_is_no_run(desk):
    card_request = calm()
    answer = desk.post(NEW, {"action": "APPROVE", "leave_out": [card_request.reference]})
    assert "没有选中任何申请。" in text(answer)
    assert not BulkRun.objects.exists()


def test_an_amendment_is_asked_with_the_fields_of_the_single_one(desk):
    card_request = calm()
    tomorrow = day_of(timezone.now()) + timedelta(days=1)
    run = post(
        desk,
        {
            "action": "REQUEST_AMENDMENT",
            "amend-ask_portrait": "on",
            "amend-reason_portrait": "背景不是白色",
            "amend-due_date": tomorrow.isoformat(),
        },
    )
    assert "电子照片（背景不是白色）" in text(desk.get(page_of(run)))
    start(desk, run)
    work_off_bulk_runs()
    asked = card_request.amendments.get()
    assert asked.items == [{"field": "portrait", "reason": "背景不是白色"}]
    assert asked.due_date == tomorrow


def test_what_was_typed_is_kept_and_only_the_chosen_decision_is_judged(desk):
    card_request = calm()
    data = {
        "action": "REJECT",
        "reject-reason": " ",
        "amend-ask_phone": "on",
        "amend-reason_phone": "打不通",
        "leave_out": [card_request.reference],
    }
    page = text(desk.post(NEW, data))
    assert "请写明不通过的原因，申请人会看到这段话。" in page
    assert "请选择请申请人修改的最后一天" not in page
    assert 'value="打不通"' in page
    assert (
        f'value="{card_request.reference}" aria-label="这次不办 {card_request.reference}" checked'
        in page
    )
    assert not BulkRun.objects.exists()


def test_a_rejection_runs_with_its_reason(desk):
    card_request = calm()
    run = post(desk, {"action": "REJECT", "reject-reason": "已经离职"})
    start(desk, run)
    work_off_bulk_runs()
    assert card_request.events.latest("pk").reason == "已经离职"


@pytest.mark.parametrize("data", [{}, {"action": "PRODUCE"}, {"action": "APPROVE\x00"}])
def test_an_action_that_does_not_exist_prepares_nothing(desk, data):
    calm()
    assert desk.post(NEW, data).status_code == 200
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize("query", ["?city=x", "?stage=nonsense", "?age=99"])
def test_a_filter_that_makes_no_sense_chooses_nothing(desk, query):
    calm()
    assert "筛选条件不正确" in text(desk.get(f"{NEW}{query}"))
    desk.post(f"{NEW}{query}", {"action": "APPROVE"})
    assert not BulkRun.objects.exists()


def test_more_than_the_limit_are_cut_to_those_that_waited_longest(desk, monkeypatch):
    monkeypatch.setattr(services, "LIMIT", 2)
    for _ in range(3):
        calm()
    assert "等待最久的 2 件" in text(desk.get(NEW))
    assert prepare(desk).rows.count() == 2


def test_the_page_asks_again_only_while_something_happens(desk):
    calm()
    run = prepare(desk)
    assert "hx-get" not in text(desk.get(page_of(run)))
    start(desk, run)
    assert "hx-get" in text(desk.get(page_of(run)))
    fragment = text(desk.get(page_of(run), headers={"HX-Request": "true"}))
    assert fragment.lstrip().startswith('<div id="run"')
    assert "<html" not in fragment
    work_off_bulk_runs()
    assert "hx-get" not in text(desk.get(page_of(run), headers={"HX-Request": "true"}))


def test_a_run_is_stopped_on_its_page(desk):
    card_request = calm()
    run = prepare(desk)
    start(desk, run)
    answer = desk.post(page_of(run, "stop"), follow=True)
    assert "已停止" in text(answer)
    work_off_bulk_runs()
    assert statuses(card_request) == [RequestStatus.ACCEPTED]
    assert "这一批已经办完" in text(desk.post(page_of(run, "stop"), follow=True))


def test_a_dry_run_is_thrown_away_on_its_page(desk):
    calm()
    run = prepare(desk)
    assert desk.post(page_of(run, "discard")).status_code == 302
    assert not BulkRun.objects.exists()
    assert desk.get(page_of(run)).status_code == 404


@pytest.mark.parametrize("query", ["?page=99", "?page=x", "?outcome=NONSENSE", "?outcome=DONE"])
def test_the_rows_can_be_turned_over_and_narrowed_without_going_astray(desk, query):
    calm()
    run = prepare(desk)
    assert desk.get(f"{page_of(run)}{query}").status_code == 200


def test_what_needs_a_look_stands_first(desk):
    fine = calm()
    risky = make_request(RequestStatus.ACCEPTED, at=timezone.now())
    page = text(desk.get(page_of(prepare(desk))))
    assert page.index(risky.reference) < page.index(fine.reference)


def test_no_personal_data_stands_on_the_pages(desk):
    card_request = calm()
    run = prepare(desk)
    for address in (NEW, page_of(run), LIST):
        page = text(desk.get(address))
        holder = card_request.holder
        found = [d for d in (holder.name, holder.id_number, holder.phone) if d in page]
        assert found == []


def test_an_auditor_reads_the_runs_and_does_nothing(desk, client):
    card_request = calm()
    run = prepare(desk)
    client.force_login(make_colleague(roles.AUDITOR))
    page = text(client.get(page_of(run)))
    assert card_request.reference in page
    assert page_of(run, "start") not in page
    assert client.get(LIST).status_code == 200
    assert client.get(NEW).status_code == 403
    for name in ("start", "stop", "discard", "recall"):
        assert client.post(page_of(run, name)).status_code == 403


def test_a_colleague_sees_the_run_and_may_stop_but_not_start_it(desk, client):
    calm()
    run = prepare(desk)
    client.force_login(make_colleague(roles.REVIEWER))
    assert page_of(run, "start") not in text(client.get(page_of(run)))
    assert "只有预检的人可以开始这一批" in text(start(client, run))
    run.refresh_from_db()
    assert run.status == RunStatus.PREPARED


@pytest.mark.parametrize("role", [roles.ADMINISTRATOR])
def test_an_administrator_of_accounts_sees_no_run(client, role):
    client.force_login(make_colleague(role))
    assert client.get(LIST).status_code == 403
    assert client.get(NEW).status_code == 403


@pytest.mark.parametrize("address", ["new", "run", "list"])
def test_the_pages_cost_the_same_for_2_and_6_rows(desk, address):
    costs = []
    for number in (2, 6):
        while CardRequest.objects.count() < number:
            calm()
        run = prepare(desk)
        url = {"new": NEW, "run": page_of(run), "list": LIST}[address]
        desk.get(url)
        with CaptureQueriesContext(connection) as queries:
            desk.get(url)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12


def test_the_list_says_what_became_of_the_runs(desk):
    calm()
    run = prepare(desk)
    start(desk, run)
    work_off_bulk_runs()
    run.rows.update(outcome=BulkOutcome.FAILED, reason="同事已办理", decided_at=None)
    page = text(desk.get(LIST))
    assert "办理 0 件，1 件没有办成" in page
    assert page_of(run) in page
