"""What was given up is tried again, or set aside for a reason; each with its event."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.desk import roles
from apps.events.messages import SMS
from apps.events.models import Event
from apps.exports import services as exports
from apps.exports import working
from apps.exports.enums import ExportStatus
from apps.exports.models import Export
from apps.notices import giving_up, services
from apps.notices.enums import NoticeStatus
from apps.notices.models import Notice
from apps.operations import retrying
from tests.exports.steps import order
from tests.factories.cards import AT, make_request
from tests.factories.people import make_colleague

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=3)
INDEX = "admin:operations_alarm_changelist"
HANDLE = "admin:operations_alarm_handle"


def give_up_messages():
    """The messages of one submission, the SMS given up after all its tries."""
    make_request(RequestStatus.ACCEPTED, at=AT)
    services.collect(at=AT, limit=10)
    Notice.objects.filter(channel=SMS).update(
        status=NoticeStatus.GIVEN_UP, next_try_at=None, last_error="SMS gateway: TimeoutError"
    )
    return Notice.objects.given_up().order_by("pk")


@pytest.fixture
def notice():
    return give_up_messages()[0]


@pytest.fixture
def failed_export():
    supervisor = make_colleague(roles.SUPERVISOR)
    make_request(RequestStatus.ACCEPTED, at=AT)
    export = order(supervisor)
    leased = working.lease_next(at=LATER)
    working.refuse(export=leased, error="磁盘满了。", at=LATER)
    export.refresh_from_db()
    assert export.status == ExportStatus.FAILED
    return export


def test_a_message_is_sent_again_as_if_for_the_first_time(notice, operator):
    giving_up.retry(notice=notice, by=operator, at=LATER)
    notice.refresh_from_db()
    assert (notice.status, notice.tries, notice.next_try_at) == (NoticeStatus.WAITING, 0, LATER)
    event = Event.objects.get(subject_kind="notice", subject_id=notice.pk)
    assert (event.action, event.by) == ("RETRY", operator)
    with pytest.raises(Refused):
        giving_up.retry(notice=notice, by=operator, at=LATER)


def test_a_message_that_is_set_aside_is_counted_no_more(notice, operator):
    with pytest.raises(Refused):
        giving_up.set_aside(notice=notice, reason=" ", by=operator, at=LATER)
    giving_up.set_aside(notice=notice, reason="号码已停机", by=operator, at=LATER)
    assert notice not in Notice.objects.given_up()
    assert Event.objects.get(subject_kind="notice", subject_id=notice.pk).reason == "号码已停机"


def test_an_export_is_written_again(failed_export, operator):
    exports.retry(export=failed_export, by=operator, at=LATER)
    assert working.lease_next(at=LATER + timedelta(minutes=1)) == failed_export


def test_an_export_that_is_set_aside_stays_so(failed_export, operator):
    exports.set_aside(export=failed_export, reason="不要了", by=operator, at=LATER)
    assert Export.objects.get().status == ExportStatus.DISMISSED
    assert working.lease_next(at=LATER) is None


def test_the_page_lists_them_and_tries_the_ticked_ones_again(client, operator, failed_export):
    notices = give_up_messages()
    kept = notices.count()
    client.force_login(operator)
    html = client.get(reverse(INDEX)).content.decode()
    assert "SMS gateway: TimeoutError" in html
    assert "磁盘满了。" in html
    answer = client.post(
        reverse(HANDLE), {"kind": "messages", "rows": [notices[0].pk], "do": "retry"}, follow=True
    )
    assert "已重新排队 1 个" in answer.content.decode()
    assert Notice.objects.given_up().count() == kept - 1
    client.post(reverse(HANDLE), {"kind": "exports", "rows": [failed_export.pk], "do": "retry"})
    failed_export.refresh_from_db()
    assert failed_export.status == ExportStatus.WAITING


def test_setting_aside_asks_for_a_reason_and_keeps_the_ticks(client, operator):
    notice = give_up_messages()[0]
    client.force_login(operator)
    data = {"kind": "messages", "rows": [notice.pk], "do": "set_aside", "reason": ""}
    answer = client.post(reverse(HANDLE), data)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "请写明为什么不再重试。" in html
    assert f'aria-label="选择 短信 {notice.pk}" checked' in html
    client.post(reverse(HANDLE), {**data, "reason": "号码已停机"})
    notice.refresh_from_db()
    assert notice.is_set_aside


def test_without_a_tick_nothing_happens_and_it_is_said(client, operator):
    client.force_login(operator)
    answer = client.post(reverse(HANDLE), {"kind": "exports", "do": "retry"})
    assert "请先勾选要处理的。" in answer.content.decode()


@pytest.mark.parametrize("rows", [["x"], ["9" * 30], ["-1"]])
def test_what_is_no_key_is_not_looked_for(client, operator, rows):
    client.force_login(operator)
    answer = client.post(reverse(HANDLE), {"kind": "exports", "do": "retry", "rows": rows})
    assert answer.status_code in (302, 422)


def test_every_kind_describes_its_rows(operator):
    for kind in retrying.KINDS:
        assert kind.listed() == ([], 0)


def test_only_operators_open_the_page(client):
    client.force_login(make_colleague(roles.SUPERVISOR))
    assert client.get(reverse(INDEX)).status_code == 403
    client.force_login(make_colleague(roles.OPERATOR))
    assert client.get(reverse(INDEX)).status_code == 200


def test_the_number_of_queries_does_not_grow(client, operator, django_assert_max_num_queries):
    give_up_messages()
    client.force_login(operator)
    client.get(reverse(INDEX))
    with django_assert_max_num_queries(79):
        client.get(reverse(INDEX))
