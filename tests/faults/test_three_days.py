"""Workers and beat were dead for three days: pages say what is true, then all is done once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.loss_report import services as loss_report
from apps.operations import checks
from apps.operations import services as operations
from apps.operations.enums import ProcessKind, State
from sbk_portal.celery import app
from tests.factories.cards import make_card, make_request
from tests.factories.loss_reports import report
from tests.factories.payments import make_payment
from tests.soundness import assert_sound
from tests.test_tasks import OUR_TASKS

pytestmark = pytest.mark.django_db
DEAD_FOR = timedelta(days=3)


@pytest.fixture
def died_at():
    return timezone.now() - DEAD_FOR


@pytest.fixture
def suspended(died_at):
    """A card whose loss report ended two days ago; nobody wrote it down."""
    began = died_at - timedelta(days=7)
    card = make_card(CardStatus.ACTIVE, at=began - timedelta(days=30))
    report(card, at=began)
    card.refresh_from_db()
    assert died_at < card.suspended_until < timezone.now()
    return card


def run_everything():
    for name in OUR_TASKS:
        app.tasks[name]()


@pytest.mark.slow
def test_a_suspension_that_has_ended_is_shown_as_ended_and_can_begin_anew(client, suspended):
    client.force_login(suspended.holder.user)
    page = client.get("/").content.decode()
    assert "正常" in page
    assert "临时挂失中" not in page
    assert suspended.status == CardStatus.SUSPENDED, "only the row is behind"
    at = timezone.now()
    end = loss_report.end_if_reported(card=suspended, at=at)
    loss_report.report_loss(card=suspended, agreed_end=end, by=suspended.holder.user, at=at)
    run_everything()
    suspended.refresh_from_db()
    assert suspended.suspended_until == end
    assert_sound()


@pytest.mark.slow
def test_it_is_written_down_once_with_the_moment_at_which_it_was_due(suspended):
    for _ in range(2):
        run_everything()
    [ended] = suspended.events.filter(action="EXPIRE")
    assert ended.due_at == suspended.suspended_until
    assert ended.at > ended.due_at + timedelta(days=1)
    assert_sound()


def test_what_was_paid_before_is_accepted_once_and_what_was_not_paid_can_be(client, died_at):
    paid = make_request(RequestStatus.PAID, at=died_at)
    payment = make_payment()
    client.force_login(payment.card_request.applicant)
    address = reverse("payments:return", args=[payment.reference])
    assert client.get(address).status_code == 200
    for _ in range(2):
        run_everything()
    paid.refresh_from_db()
    assert paid.status == RequestStatus.ACCEPTED
    assert paid.events.filter(action="ACCEPT").count() == 1


def test_operators_read_how_long_nobody_worked(died_at):
    make_request(RequestStatus.PAID, at=died_at)
    now = timezone.now()
    for kind in (ProcessKind.WORKER, ProcessKind.BEAT):
        operations.note_process(
            kind=kind, name="host:1", release="1", started_at=died_at, at=died_at
        )
        found = checks.by_key(kind.lower()).find(now)
        assert found.state == State.BAD
        assert "4320 分钟以前" in found.says
    sweeps = checks.by_key("sweeps").find(now)
    assert sweeps.state == State.BAD
    assert re.search("已缴费待受理的申请：最早的已到期 7[12] 小时", "".join(sweeps.lines))
