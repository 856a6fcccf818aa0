"""The pages of an export: what is asked, what is shown on the way, and who gets the file."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.desk.event_kinds import FileAction
from apps.exports import services, tasks
from apps.exports.models import Export
from tests.book import desk_events
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer
from tests.factories.regions import make_city
from tests.factories.storage import fill_the_disk

pytestmark = pytest.mark.django_db

NEW = reverse("admin:exports_export_new")
LIST = reverse("admin:exports_export_changelist")
MASKED = {"format": "CSV", "content": "masked"}
FULL = {"format": "CSV", "content": "full", "reason": "与银行核对"}


@pytest.fixture(autouse=True)
def no_nudge(monkeypatch):
    """The worker runs when a test says so."""
    monkeypatch.setattr("apps.exports.views.files.nudge", lambda task: None)


@pytest.fixture
def supervisor(client):
    user = make_colleague(roles.SUPERVISOR)
    client.force_login(user)
    return user


def page(export, name="change"):
    return reverse(f"admin:exports_export_{name}", args=[export.reference])


def text(response):
    return response.content.decode()


def ordered(client, query="stage=all", **data):
    response = client.post(f"{NEW}?{query}", MASKED | data)
    assert response.status_code == 302, text(response)
    return Export.objects.order_by("-pk").first()


def finished(client, **data):
    export = ordered(client, **data)
    tasks.write_exports()
    export.refresh_from_db()
    return export


def test_the_page_says_in_words_and_figures_what_will_be_exported(desk):
    make_request(RequestStatus.ACCEPTED, city=make_city("370300", "淄博市"))
    make_request(RequestStatus.ACCEPTED)
    html = text(desk.get(NEW, {"city": "370300"}))
    assert "<b>1</b> 件" in html
    assert "申领地区：淄博市" in html
    assert "社会保障号码" in html
    assert f"{reverse('admin:cards_cardrequest_changelist')}?city=370300" in html
    assert "<b>2</b> 件" in text(desk.get(NEW))


def test_an_order_leads_to_its_progress(desk, reviewer):
    make_request(RequestStatus.ACCEPTED)
    response = desk.post(f"{NEW}?stage=all", MASKED)
    export = Export.objects.get()
    assert response.url == page(export)
    assert (export.by, export.filter, export.is_full) == (reviewer, "stage=all", False)


@pytest.mark.parametrize(
    "data", [{}, {"format": "PDF", "content": "masked"}, {"format": "CSV", "content": "other"}]
)
def test_a_form_that_is_not_right_orders_nothing(desk, data):
    make_request(RequestStatus.ACCEPTED)
    assert desk.post(NEW, data).status_code == 200
    assert not Export.objects.exists()


def test_a_filter_that_cannot_be_says_so(desk):
    for query in ("city=nowhere", "stage=%00", "age=99"):
        assert "筛选条件不正确" in text(desk.get(f"{NEW}?{query}"))
        assert desk.post(f"{NEW}?{query}", MASKED).status_code == 200
    assert not Export.objects.exists()


def test_a_reviewer_is_not_offered_full_numbers_and_cannot_force_them(desk):
    make_request(RequestStatus.ACCEPTED)
    assert 'value="full"' not in text(desk.get(NEW))
    assert desk.post(NEW, FULL).status_code == 200
    assert not Export.objects.exists()


def test_a_supervisor_gives_a_reason_for_full_numbers_and_keeps_what_was_typed(client, supervisor):
    make_request(RequestStatus.ACCEPTED)
    html = text(client.post(NEW, FULL | {"reason": " "}))
    assert "导出完整号码必须写明原因" in html
    assert re.search(r'value="full"[^>]*checked', html)
    export = ordered(client, **FULL)
    assert (export.is_full, export.reason) == (True, "与银行核对")


def test_a_refusal_of_the_service_is_shown_on_the_page(desk, settings):
    settings.EXPORTS_IN_FLIGHT = 1
    make_request(RequestStatus.ACCEPTED)
    ordered(desk)
    assert "还没有完成，请等它们完成后再导出" in text(desk.post(NEW, MASKED))


def test_the_limit_of_an_hour_says_when_it_goes_on_and_keeps_the_choice(
    client, supervisor, settings
):
    settings.EXPORTS_PER_HOUR = 1
    make_request(RequestStatus.ACCEPTED)
    chosen = FULL | {"reason": "与银行核对"}
    ordered(client, **chosen)
    tasks.write_exports()
    html = text(client.post(NEW, chosen))
    assert re.search(r"[0-2]\d:[0-5]\d 以后可以接着导出", html)
    assert re.search(r'value="full"[^>]*checked', html)
    assert "与银行核对" in html


def test_the_progress_asks_again_until_there_is_a_file(desk):
    make_request(RequestStatus.ACCEPTED)
    export = ordered(desk)
    waiting = text(desk.get(page(export), headers={"HX-Request": "true"}))
    assert "hx-trigger" in waiting
    assert "<html" not in waiting
    assert waiting in text(desk.get(page(export)))
    tasks.write_exports()
    ready = text(desk.get(page(export), headers={"HX-Request": "true"}))
    assert "hx-trigger" not in ready
    assert "下载文件" in ready


def test_the_file_is_fetched_by_its_owner_and_each_time_is_written_down(desk, reviewer):
    make_request(RequestStatus.ACCEPTED)
    export = finished(desk)
    response = desk.post(page(export, "file"))
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    assert ".csv" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert desk_events().get(action=FileAction.FETCH).by == reviewer
    assert desk.get(page(export, "file")).status_code == 405


@pytest.mark.parametrize(
    ("role", "sees"),
    [(roles.REVIEWER, 404), (roles.SUPERVISOR, 404), (roles.AUDITOR, 200)],
)
def test_others_get_no_file_and_only_an_auditor_sees_the_page(desk, client, role, sees):
    make_request(RequestStatus.ACCEPTED)
    export = finished(desk)
    client.force_login(make_colleague(role))
    assert client.get(page(export)).status_code == sees
    assert (export.reference in text(client.get(LIST))) == (sees == 200)
    assert client.post(page(export, "file")).status_code in (403, 404)
    assert not desk_events().filter(action=FileAction.FETCH).exists()


def test_an_expired_export_says_so_on_its_page_and_offers_another_one(desk):
    make_request(RequestStatus.ACCEPTED)
    export = finished(desk)
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    html = text(desk.get(page(export)))
    assert "文件已过期" in html
    assert "下载文件" not in html
    assert f"{NEW}?stage=all" in html
    assert desk.post(page(export, "file")).url == page(export)
    assert "文件已过期" in text(desk.get(page(export)))


def test_a_file_that_the_disk_has_lost_is_told(desk):
    make_request(RequestStatus.ACCEPTED)
    export = finished(desk)
    export.file.storage.delete(export.file.name)
    assert "现在打不开" in text(desk.post(page(export, "file"), follow=True))


def test_a_disk_that_takes_no_file_is_told_and_the_next_try_works(desk, monkeypatch):
    make_request(RequestStatus.ACCEPTED)
    export = ordered(desk)
    with monkeypatch.context() as broken:
        fill_the_disk(broken)
        tasks.write_exports()
    assert "文件没有写成" in text(desk.get(page(export)))
    assert finished(desk).file


def test_a_refused_export_says_why(desk, reviewer):
    make_request(RequestStatus.ACCEPTED)
    export = ordered(desk)
    Export.objects.update(is_full=True, reason="与银行核对")
    tasks.write_exports()
    assert "您没有导出完整号码的权限" in text(desk.get(page(export)))


@pytest.mark.parametrize("number", [2, 6])
def test_the_list_costs_as_many_queries_for_6_as_for_2(client, django_assert_num_queries, number):
    make_request(RequestStatus.ACCEPTED)
    for _ in range(number):
        client.force_login(make_holder(user=make_reviewer()).user)
        ordered(client)
    client.force_login(make_colleague(roles.AUDITOR))
    client.get(LIST)
    with django_assert_num_queries(5):
        client.get(LIST)


def test_the_queue_of_exports_is_worked_off_one_run_after_the_other(desk):
    make_request(RequestStatus.ACCEPTED)
    exports = [ordered(desk), ordered(desk)]
    for _ in range(3):
        tasks.write_exports()
    for export in exports:
        export.refresh_from_db()
        assert services.opened(export=export).read()


def test_a_reason_for_full_numbers_beside_masked_ones_is_asked_about(client, supervisor):
    make_request(RequestStatus.ACCEPTED)
    html = text(client.post(NEW, FULL | {"content": "masked"}))
    assert "请清空原因" in html
    assert "与银行核对" in html
    assert not Export.objects.exists()
