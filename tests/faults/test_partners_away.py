"""A partner is silent, slow, out of order or cut off half-way.

Who waits at a page hears of it within three seconds, and nothing is lost or half done.
"""

import time

import pytest
from django.conf import settings as project_settings
from django.utils import timezone

from apps.application import services as application
from apps.gateways import wire
from apps.payments import tasks
from apps.payments.models import Payment
from apps.verification import code_check
from apps.verification.models import OneTimeCode
from apps.verification.refusals import CheckRefused
from tests.factories.cards import make_draft
from tests.factories.payments import make_payment
from tests.faults.partner import MISBEHAVIOURS, partner
from tests.soundness import assert_sound

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ANSWERS_WITHIN = 3  # seconds


@pytest.fixture(params=MISBEHAVIOURS, ids=lambda behave: behave.__name__)
def address(request):
    with partner(request.param) as address:
        yield address


def test_who_asks_for_a_code_hears_that_none_was_sent(address, settings):
    settings.SMS_SENDER = "apps.notices.senders.http_sms.HttpSms"
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = address, "a key"
    assert project_settings.SMS_GATEWAY_TIMEOUT < ANSWERS_WITHIN
    draft, at = make_draft(), timezone.now()
    check = application.begin_check(card_request=draft, by=draft.applicant, at=at)
    began = time.monotonic()
    with pytest.raises(CheckRefused) as refused:
        code_check.send_code(check=check, by=draft.applicant, at=at)
    assert time.monotonic() - began < ANSWERS_WITHIN
    assert refused.value.message == "短信没有发出去，请稍后再试。"
    # The next try need not wait.
    assert not OneTimeCode.objects.exists()


def test_a_gateway_that_does_not_answer_changes_no_payment(address, settings, monkeypatch):
    monkeypatch.setattr(wire, "TIMEOUT", 1.0)
    settings.PORTAL_URL = address  # where the sandbox cashier would be
    payment = make_payment()
    Payment.objects.update(next_check_at=timezone.now())
    before = Payment.objects.values("status", "paid_at").get()
    with pytest.raises(wire.WireError):
        wire.post_form(address, {"method": "alipay.trade.query"})
    tasks.reconcile()
    assert Payment.objects.values("status", "paid_at").get() == before
    assert Payment.objects.get().next_check_at > timezone.now(), payment
    assert_sound()
