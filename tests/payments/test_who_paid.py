"""A guardian who paid hears of that money, also once the child acts alone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from apps.common.moments import day_of
from apps.common.templatetags.formats import day
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.payments import services
from apps.people.models import Holder, years_before
from tests.factories.payments import make_paid, make_payable
from tests.factories.people import (
    make_guardianship,
    make_holder,
    make_user,
    make_ward,
    set_birth_date,
)
from tests.shown import words

pytestmark = pytest.mark.django_db

OPERATOR = settings.PORTAL_OPERATOR["contact"]


@pytest.fixture
def now():
    return timezone.now()


@pytest.mark.parametrize("has_account", [True, False])
def test_the_payer_hears_when_the_child_is_16_by_now(now, has_account):
    """The other guardian hears nothing of it, and the payer nothing of the request."""
    payer, other = make_holder(), make_holder(sex="2")
    ward = make_ward(payer)
    make_guardianship(other, ward)
    payment = make_paid(card_request=make_payable(holder=ward, by=payer.user, at=now), at=now)
    set_birth_date(ward, years_before(day_of(now), 16))
    young = make_user() if has_account else None
    Holder.objects.filter(pk=ward.pk).update(user=young)
    services.refund(payment=payment, reason="未通过", by=None, at=now)
    payment.refresh_from_db()
    notices.collect(at=now, limit=100)
    notices.send_due(at=now, limit=100)
    told = {
        notice.recipient: notice.text
        for notice in Notice.objects.filter(event__action="REFUND", channel="PORTAL")
    }
    arrives = f"{day(payment.arrives_date)}24:00"
    assert arrives in words(told[payer.user])
    assert OPERATOR in told[payer.user]
    if has_account:
        assert told.keys() == {payer.user, young}
        assert arrives in words(told[young])
    else:
        assert told.keys() == {payer.user, other.user}
        assert "元" not in told[other.user]
    visible = Notice.objects.visible_to(payer.user, at=now + timedelta(minutes=1))
    assert "REFUND" in {notice.event.action for notice in visible}
