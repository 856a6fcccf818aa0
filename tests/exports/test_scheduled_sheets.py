"""Whoever set a schedule hears of its files, and why one is missing; the desk shows them."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.templatetags.formats import day, moment
from apps.desk import roles
from apps.desk.absences.services import set_absence
from apps.encryption import sealed_boxes
from apps.exports import profiles, services, working
from apps.exports.enums import ExportStatus, SheetSchedule
from apps.exports.models import Export
from apps.notices.models import Notice
from apps.notices.services import collect, send_due
from tests.backoffice.start.steps import cards_for
from tests.exports.steps import run
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_reviewer

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-27T09:00:00+08:00")  # a Friday
DAY = timedelta(days=1)


@pytest.fixture
def scheduled(supervisor, settings, tmp_path, filed_portrait):
    """`supervisor` has a file for the main centre made every day; one request waits for it."""
    sealed_boxes.new_key(tmp_path / "centre")
    settings.BUREAU_PUBLIC_KEY = (tmp_path / "centre.public").read_text()
    profiles.save_columns(
        receiver="main",
        columns=[("name", "")],
        format="XLSX",
        schedule=SheetSchedule.DAILY,
        seen_version=0,
        by=supervisor,
        at=NOW - DAY,
    )
    make_request(RequestStatus.APPROVED)


def made(*, at=NOW):
    """The file of the day of `at`, which the worker has written."""
    profiles.order_due(at=at)
    return run(at=at)


def failed(*, at=NOW):
    """The file of the day of `at`, which the worker refuses to write."""
    profiles.order_due(at=at)
    export = working.lease_next(at=at)
    with pytest.raises(Refused) as refusal:
        working.write(export=export, clock=lambda: at)
    working.refuse(export=export, error=refusal.value.message, at=at)
    return Export.objects.get(pk=export.pk)


def told(*, at=NOW):
    """{recipient: text} of all messages that tell of exports."""
    collect(at=at, limit=100)
    send_due(at=at, limit=100)
    found = Notice.objects.filter(event__subject_kind="export").select_related("recipient")
    assert {notice.channel for notice in found} <= {"PORTAL"}
    return {notice.recipient: notice.text for notice in found}


@pytest.mark.usefixtures("scheduled")
def test_whoever_set_the_schedule_is_told_once_that_the_file_is_there(supervisor):
    make_colleague(roles.SUPERVISOR)
    made()
    assert told() == {
        supervisor: f"{day(NOW)}报送社保中心（制卡）的采集表已经生成，共 1 人。"
        f"请在 {moment(NOW + DAY)} 前到审核后台下载、报送，过期自动删除。"
    }
    assert len(told(at=NOW + timedelta(hours=1))) == 1


@pytest.mark.usefixtures("scheduled")
def test_a_file_that_somebody_ordered_is_told_to_nobody(supervisor):
    profiles.order(receiver="main", which=profiles.NEW, reason="每月报送", by=supervisor, at=NOW)
    run(at=NOW)
    assert told() == {}


@pytest.mark.usefixtures("scheduled")
def test_while_whoever_set_it_is_away_those_who_may_fetch_it_are_told(supervisor):
    others = {make_colleague(roles.SUPERVISOR), make_colleague(roles.SUPERVISOR)}
    make_reviewer()
    today = day_of(NOW)
    set_absence(user=supervisor, first=today, last=today, deputy=None, by=supervisor, at=NOW - DAY)
    made()
    assert set(told()) == others


@pytest.mark.usefixtures("scheduled")
def test_who_lost_the_right_hears_nothing_and_the_others_hear_why(supervisor):
    other = make_colleague(roles.SUPERVISOR)
    supervisor.groups.remove(Group.objects.get(name=roles.SUPERVISOR))
    assert failed().status == ExportStatus.FAILED
    assert set(told()) == {other}
    assert "设定自动导出的同事不再有导出采集表的权限" in told()[other]


@pytest.mark.usefixtures("scheduled")
def test_a_file_that_cannot_be_sealed_is_told_with_the_reason(supervisor, settings):
    settings.BUREAU_PUBLIC_KEY = ""
    failed()
    [text] = told().values()
    assert text.startswith(f"{day(NOW)}报送社保中心（制卡）的采集表没有做成：还没有对方的公钥")


@pytest.mark.usefixtures("scheduled")
def test_too_many_for_one_file_are_told_too(supervisor, settings):
    settings.EXPORT_MAX_ROWS = 1
    make_request(RequestStatus.APPROVED)
    failed()
    assert "超过 1 件" in told()[supervisor]


@pytest.mark.usefixtures("scheduled")
def test_it_stands_on_the_first_page_until_somebody_fetches_it(supervisor):
    export = made()
    other = make_colleague(roles.SUPERVISOR)
    card = cards_for(other, at=NOW)["sheets"]
    assert (card.count, card.title) == (1, "采集表待下载")
    assert card.url == reverse("admin:exports_export_change", args=[export.reference])
    assert "sheets" not in cards_for(make_reviewer(), at=NOW)
    services.record_fetch(export=export, by=other, at=NOW)
    assert "sheets" not in cards_for(supervisor, at=NOW)


@pytest.mark.usefixtures("scheduled")
def test_one_that_failed_stands_there_until_the_next_one_is_made(supervisor, settings):
    key, settings.BUREAU_PUBLIC_KEY = settings.BUREAU_PUBLIC_KEY, ""
    failed()
    card = cards_for(supervisor, at=NOW)["sheets"]
    assert (card.count, card.title) == (1, "采集表没有做成")
    assert "还没有对方的公钥" in card.note
    settings.BUREAU_PUBLIC_KEY = key
    made(at=NOW + DAY)
    assert cards_for(supervisor, at=NOW + DAY)["sheets"].title == "采集表待下载"


@pytest.mark.usefixtures("scheduled")
def test_the_page_of_messages_shows_it_as_work(supervisor, client: Client):
    made()
    told()
    client.force_login(supervisor)
    page = client.get(reverse("home:messages")).content.decode()
    assert "人事处的工作" in page
    assert "打开审核后台" in page
    assert "子女" not in page.split("人事处的工作")[1].split("</section>")[0]


def test_who_was_in_a_file_that_nobody_fetched_is_in_the_next_one(scheduled):
    first = made()
    assert first.row_count == 1
    again = made(at=first.expires_at + DAY)
    assert again.row_count == 1


def test_who_was_in_a_file_that_was_fetched_is_not_in_the_next_one(scheduled, supervisor):
    first = made()
    services.record_fetch(export=first, by=supervisor, at=NOW)
    assert profiles.order_due(at=first.expires_at + DAY) == 0
