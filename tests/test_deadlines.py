"""Every day by which somebody acts, and that a page names, is kept to its end.

Each line makes what has the deadline and returns its last day, and whether it is over at a moment:
by the check that stops a person, and by the sweep or the list that reads the same.
"""

from datetime import date, timedelta

import pytest

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of, end_of
from apps.common.templatetags.formats import day, end_of_day
from apps.guardianships import lateness as registrations
from apps.guardianships import services as guardianships
from apps.invitations import policies as invitations
from apps.lateness.promises import promised_days
from apps.loss_report import expiry
from apps.payments import policies as payments
from apps.payments import services, sweeps
from apps.payments.lateness import arrival_day
from apps.people.enums import GuardianshipStatus
from apps.people.models import Guardianship
from apps.regions.enums import Service
from apps.regions.models import ServiceOpening
from apps.replacement.lateness import decision_day
from apps.requests import sweeps as requests
from apps.requests.models import Amendment
from apps.requests.policies import last_day_to_confirm, last_day_to_pay
from apps.review import queue
from apps.roster.enums import InvitationStatus
from apps.roster.models import Invitation
from apps.waiting.standing import standing
from tests.deadlines import SECOND, assert_kept_to_its_end, refuses, undone
from tests.factories.cards import AT, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.loss_reports import make_loss_report
from tests.factories.payments import make_paid, make_payable
from tests.factories.people import make_holder, make_registration, make_ward
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db


def paying():
    card_request = make_payable(at=AT)
    return last_day_to_pay(card_request), lambda at: {
        refuses(payments.check_awaits_payment, card_request, at=at),
        payments.payable_until(card_request, at=at) <= at,
        undone(lambda: sweeps.close_unpaid(at=at, limit=10)),
    }


def promises_of(status):
    def promised():
        card_request = make_request(status, at=AT)
        due = standing(card_request, shipment=None, at=AT).due_date
        return due, lambda at: {standing(card_request, shipment=None, at=at).is_overdue}

    promised.__name__ = f"the_promise_of_{status.lower()}"
    return promised


def reviewing():
    card_request = make_request(RequestStatus.ACCEPTED, at=AT)
    return queue.promise_of(card_request), lambda at: {
        card_request.status_since < queue.overdue_before(day_of(at)),
        standing(card_request, shipment=None, at=at).is_overdue,
    }


def amending():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT, at=AT)
    amendment = Amendment.objects.get()
    Amendment.objects.update(is_own=True)
    return amendment.due_date, lambda at: {
        standing(card_request, shipment=None, at=at, amendment=amendment).is_overdue,
        Amendment.objects.lapsed(day_of(at)).exists(),
    }


def suspending():
    report = make_loss_report(at=AT)
    last_day = day_of(report.ends_at - SECOND)
    return last_day, lambda at: {
        report.card.status_at(at) == CardStatus.ACTIVE,
        undone(lambda: expiry.expire_due(at=at, deadline=None)),
    }


def guarding():
    """The last day on which a guardian acts is the one before the 16th birthday."""
    make_ward(make_holder(), birth_date=date(2011, 6, 1))
    guardianship = Guardianship.objects.get()
    return date(2027, 5, 31), lambda at: {
        guardianship.status_at(at) == GuardianshipStatus.ENDED,
        undone(lambda: guardianships.end_due(at=at, deadline=None)),
    }


def opening():
    city = make_city()
    ServiceOpening.objects.filter(city=city).delete()
    period = ServiceOpening.objects.create(
        city=city, service=Service.APPLY, open_from=date(2026, 1, 1), open_until=date(2026, 12, 5)
    )
    return period.open_until, lambda at: {
        not period.is_open_on(day_of(at)),
        not ServiceOpening.objects.open_on(day_of(at)).exists(),
    }


def inviting():
    user = make_holder().user
    user.set_unusable_password()
    last_day = date(2026, 12, 5)
    invitation = Invitation(
        user=user,
        status=InvitationStatus.SENT,
        phone_index=user.holder.phone_index,
        expires_at=end_of(last_day),
        created_at=AT,
    )
    return last_day, lambda at: {refuses(invitations.check_usable, invitation, at=at)}


def collecting():
    """The day that the page names: after it a card that was sent counts as received."""
    card_request = make_request(RequestStatus.DISPATCHED, at=AT)
    named = standing(card_request, shipment=None, at=AT).by_itself
    last_day = last_day_to_confirm(card_request)
    assert end_of_day(last_day) in named
    return last_day, lambda at: {undone(lambda: requests.collect_overdue(at=at, deadline=None))}


def refunding():
    """The day on which money arrives at the latest; from then on no page promises it any more."""
    payment = make_paid()
    services.refund(payment=payment, reason="审核不通过", by=None, at=AT)
    last_day = payment.arrives_date
    assert f"最迟 {day(last_day)}到账" in payment.shown_at(AT).text
    return last_day, lambda at: {
        "超期" in payment.shown_at(at).line,
        arrival_day(payment, at=at).is_over,
    }


def decided_late(make, day_of_decision):
    def promised():
        row = make()
        return day_of_decision(row, AT).day, lambda at: {day_of_decision(row, at).is_over}

    promised.__name__ = f"the_decision_after_{make.__name__}"
    return promised


DEADLINES = [
    collecting,
    refunding,
    decided_late(make_formal_loss, lambda loss, at: decision_day(loss, at=at)),
    decided_late(
        lambda: make_registration(make_holder(), at=AT),
        lambda row, at: promised_days(registrations.DECISION, [row], at=at)[row.pk],
    ),
    paying,
    reviewing,
    *(
        promises_of(status)
        for status in (RequestStatus.APPROVED, RequestStatus.PRODUCED, RequestStatus.DISPATCHED)
    ),
    amending,
    suspending,
    guarding,
    opening,
    inviting,
]


@pytest.mark.parametrize("deadline", DEADLINES, ids=lambda deadline: deadline.__name__)
def test_a_day_that_a_page_names_is_kept_to_its_end(deadline):
    assert_kept_to_its_end(deadline)


def test_an_order_of_the_last_day_ends_with_it():
    card_request = make_payable(at=AT)
    end = end_of(last_day_to_pay(card_request))
    assert payments.payable_until(card_request, at=end - timedelta(hours=3)) == end
    early = end - timedelta(days=3)
    assert payments.payable_until(card_request, at=early) == early + timedelta(hours=24)
