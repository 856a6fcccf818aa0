"""The clock steps back by an hour: nothing that is due stays hidden until it is there again."""

from datetime import timedelta

import pytest
from django.conf import settings

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common import leases
from apps.common.messaging import SendFailed
from apps.desk.claims import services as claims
from apps.desk.claims.live import claim_of
from apps.events.enums import AS_WORKER, Channel, Role
from apps.exports import working
from apps.exports.enums import ExportAction
from apps.exports.models import LEASE, Export
from apps.lifecycle import engine
from apps.lifecycle.models import Setback
from apps.lifecycle.sweep import move_all
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.requests import sweeps
from apps.roster.models import RosterUpload
from apps.verification import code_check
from tests.factories.cards import AT, make_request
from tests.factories.checks import begin as begin_check
from tests.factories.people import make_holder, make_reviewer

pytestmark = pytest.mark.django_db

BACK = timedelta(hours=-1)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("ahead", "is_free"),
    [
        (timedelta(0), True),
        (MINUTE, False),
        (5 * MINUTE, False),
        (6 * MINUTE, False),  # the clocks of two servers differ a little
        (7 * MINUTE, True),
        (60 * MINUTE, True),
    ],
)
def test_a_lease_is_not_believed_for_longer_than_one_lasts(ahead, is_free):
    card_request = make_request(RequestStatus.PAID)
    at = card_request.status_since - ahead
    free = leases.free(at, "status_since", length=5 * MINUTE)
    assert CardRequest.objects.filter(free).exists() == is_free
    live = leases.is_live(card_request.status_since, at, length=5 * MINUTE)
    assert live != is_free


def test_an_export_whose_worker_died_is_written_again():
    by = make_reviewer()
    export = Export(by=by, format="CSV", scope="全部", expected_rows=1, created_at=AT)
    whom = {"by": by, "role": Role.REVIEWER, "channel": Channel.ADMIN}
    engine.begin(export, ExportAction.ORDER, at=AT, **whom)
    assert working.lease_next(at=AT) == export
    assert not Export.objects.to_write(AT + LEASE / 2).exists()
    assert Export.objects.to_write(AT + BACK).exists()


class Down:
    sign = ""

    def deliver(self, recipient, text):
        raise SendFailed("no answer")


def test_a_message_leaves_also_when_it_waits_for_its_next_try(monkeypatch):
    make_request(RequestStatus.REJECTED, at=AT - 9 * MINUTE)
    notices.collect(at=AT, limit=50)
    waiting = Notice.objects.filter(status="WAITING")
    assert waiting.exists()
    with monkeypatch.context() as patch:
        patch.setattr(notices.channels, "get", lambda name: Down())
        assert notices.send_due(at=AT, limit=50) == 0
    failed = Notice.objects.due(AT + BACK)
    assert set(failed) == set(waiting)
    assert notices.send_due(at=AT + BACK, limit=50) == len(waiting) > 0


def test_a_row_that_a_sweep_put_off_is_tried_again(monkeypatch):
    card_request = make_request(RequestStatus.PAID)
    at = card_request.status_since + MINUTE
    paid = CardRequest.objects.all()
    refused = {"each": lambda rows: 1 / 0}
    assert move_all(paid, RequestAction.ACCEPT, at=at, **AS_WORKER, **refused).left
    assert move_all(paid, RequestAction.ACCEPT, at=at + MINUTE, **AS_WORKER).done == 0
    assert move_all(paid, RequestAction.ACCEPT, at=at + BACK, **AS_WORKER).done == 1
    assert not Setback.objects.exists()


def test_what_is_paid_is_accepted_at_once():
    card_request = make_request(RequestStatus.PAID)
    assert sweeps.accept_paid(at=card_request.status_since + BACK, deadline=None).done == 1
    moments = list(card_request.events.values_list("at", flat=True))
    assert moments == sorted(moments)


def test_a_claim_made_before_holds_nobody_back():
    first, second = make_reviewer(), make_reviewer()
    card_request = make_request(RequestStatus.ACCEPTED)
    claims.claim(subject=card_request, by=first, at=AT)
    assert claim_of(card_request, at=AT + MINUTE).by == first
    assert claim_of(card_request, at=AT + BACK) is None
    claims.claim(subject=card_request, by=second, at=AT + BACK)
    assert claim_of(card_request, at=AT + BACK).by == second


def test_a_check_goes_on_and_its_next_code_is_sent_without_an_hour_of_waiting(monkeypatch):
    monkeypatch.setattr(code_check, "send_sms", lambda **message: None)
    holder = make_holder()
    check = begin_check(holder)
    code_check.send_code(check=check, by=holder.user, at=AT)
    assert code_check.seconds_until_next_code(check=check, at=AT) == (
        settings.CODE_WAIT.total_seconds()
    )
    assert code_check.seconds_until_next_code(check=check, at=AT + BACK) == 0
    code_check.send_code(check=check, by=holder.user, at=AT + BACK)


def test_a_roster_whose_worker_died_is_read_again():
    upload = RosterUpload(leased_until=AT + 5 * MINUTE)
    assert leases.is_live(upload.leased_until, AT, length=5 * MINUTE)
    assert not leases.is_live(upload.leased_until, AT + BACK, length=5 * MINUTE)
