"""Two at once, with real threads on PostgreSQL: exactly one side of each contest succeeds."""

import threading
from datetime import timedelta
from functools import wraps

import pytest
from django.db import connection

from apps.application import pages
from apps.application import services as application
from apps.bureau import production
from apps.bureau.models import ProductionOrder
from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common.refusals import Refused
from apps.desk.claims import services as claims
from apps.requests import services as requests
from apps.requests import sweeps
from apps.review import services as review
from apps.verification import services as verification
from apps.verification.enums import Purpose
from tests.factories.cards import AT, make_draft, make_request
from tests.factories.checks import pass_check
from tests.factories.payments import confirm, make_payment
from tests.factories.people import make_holder, make_reviewer
from tests.factories.regions import make_bank, make_city

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

LATER = AT + timedelta(hours=1)
LIMIT = 100


def twenty_times(contest):
    """Run the contest twenty times, each time with new people, because one run proves little."""

    @wraps(contest)
    def contests():
        for _ in range(20):
            contest()

    return contests


def race(*verbs):
    """Run the verbs at the same moment, each on a connection of its own.

    Returns what each returned or how it was refused; any other error fails the test.
    """
    start = threading.Barrier(len(verbs))
    results = [None] * len(verbs)

    def run(place, verb):
        try:
            start.wait(timeout=10)
            results[place] = verb()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, verb)) for place, verb in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    unexpected = [r for r in results if isinstance(r, Exception) and not isinstance(r, Refused)]
    assert unexpected == []
    return results


def refused(results):
    return [result for result in results if isinstance(result, Refused)]


def own(row):
    """The row as another process would read it."""
    return type(row).objects.get(pk=row.pk)


def done(card_request, *actions):
    """How often each of `actions` is on record."""
    return [card_request.events.filter(action=action).count() for action in actions]


@twenty_times
def test_of_two_reviewers_who_claim_and_decide_one_does_and_the_other_is_refused():
    card_request = make_request(RequestStatus.ACCEPTED)
    first, second = make_reviewer(), make_reviewer()
    seen = {"seen_since": card_request.status_since, "at": LATER}

    def approve():
        claims.claim(subject=own(card_request), by=first, at=LATER)
        review.approve(card_request=own(card_request), by=first, **seen)

    def reject():
        claims.claim(subject=own(card_request), by=second, at=LATER)
        review.reject(card_request=own(card_request), reason="不是本人", by=second, **seen)

    results = race(approve, reject)
    assert len(refused(results)) == 1
    assert refused(results)[0].code in {"held_by_other", "not_open"}
    assert sorted(done(card_request, RequestAction.APPROVE, RequestAction.REJECT)) == [0, 1]
    by_first = isinstance(results[1], Refused)
    assert own(card_request).status == (
        RequestStatus.APPROVED if by_first else RequestStatus.REJECTED
    )


@twenty_times
def test_of_two_decisions_with_one_claim_one_counts_and_the_other_is_told_who():
    card_request = make_request(RequestStatus.ACCEPTED)
    reviewer = make_reviewer()
    claims.claim(subject=card_request, by=reviewer, at=LATER)
    seen = {"seen_since": card_request.status_since, "by": reviewer, "at": LATER}
    results = race(
        lambda: review.approve(card_request=own(card_request), **seen),
        lambda: review.reject(card_request=own(card_request), reason="不是本人", **seen),
    )
    assert [refusal.code for refusal in refused(results)] == ["decided"]
    assert sorted(done(card_request, RequestAction.APPROVE, RequestAction.REJECT)) == [0, 1]


@twenty_times
def test_a_draft_submitted_in_two_tabs_is_submitted_once():
    draft = make_draft()
    pass_check(
        holder=draft.holder, by=draft.applicant, purpose=Purpose.APPLY, card_request=draft, at=LATER
    )

    def submit():
        application.submit(
            card_request=own(draft),
            shown=pages.token(own(draft)),
            by=draft.applicant,
            at=LATER,
        )

    assert len(refused(race(submit, submit))) == 1
    assert own(draft).status == RequestStatus.SUBMITTED
    assert done(draft, RequestAction.SUBMIT) == [1]


@twenty_times
def test_money_and_a_withdrawal_at_once_leave_either_a_paid_request_or_money_on_its_way_back():
    payment = make_payment()
    card_request = payment.card_request
    results = race(
        lambda: confirm(own(payment)),
        lambda: requests.withdraw(
            card_request=own(card_request), by=card_request.applicant, at=LATER
        ),
    )
    paid, withdrawn = done(card_request, RequestAction.PAY, RequestAction.WITHDRAW)
    assert paid + withdrawn == 1
    assert len(refused(results)) == paid
    ends = (own(card_request).status, own(payment).status)
    assert ends == (("PAID", "PAID") if paid else ("WITHDRAWN", "REFUNDING"))


@twenty_times
def test_of_two_drafts_of_one_person_one_is_opened():
    holder, city, bank = make_holder(), make_city(), make_bank()

    def open_draft():
        return requests.open_draft(holder=holder, city=city, bank=bank, by=holder.user, at=AT)

    results = race(open_draft, open_draft)
    assert [refusal.code for refusal in refused(results)] == ["duplicate"]
    assert CardRequest.objects.filter(holder=holder).count() == 1


@twenty_times
def test_two_workers_accept_a_request_once():
    card_request = make_request(RequestStatus.PAID)
    accepted = race(
        lambda: sweeps.accept_paid(at=LATER, deadline=None),
        lambda: sweeps.accept_paid(at=LATER, deadline=None),
    )
    assert sum(sweep.done for sweep in accepted) == 1
    assert own(card_request).status == RequestStatus.ACCEPTED
    assert done(card_request, RequestAction.ACCEPT) == [1]


@twenty_times
def test_two_workers_order_a_card_once():
    requests = [make_request(RequestStatus.APPROVED) for _ in range(2)]
    batches = race(
        lambda: production.make_batch(at=LATER, limit=LIMIT),
        lambda: production.make_batch(at=LATER, limit=LIMIT),
    )
    assert len([batch for batch in batches if batch is not None]) == 1
    orders = ProductionOrder.objects.filter(card_request__in=requests).order_by("card_request")
    assert [order.card_request for order in orders] == requests
    assert len({order.batch_id for order in orders}) == 1


@twenty_times
def test_a_check_is_used_once():
    holder = make_holder()
    check = pass_check(holder=holder, by=holder.user, purpose=Purpose.APPLY, at=AT)

    def use():
        return verification.use(
            holder=holder, by=holder.user, purpose=Purpose.APPLY, card_request=None, at=AT
        )

    results = race(use, use)
    assert [refusal.code for refusal in refused(results)] == ["not_verified"]
    assert [result for result in results if result == check] == [check]
    assert own(check).is_used
