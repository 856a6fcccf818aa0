"""What each choice of the filter of requests finds, as conditions of the database."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from apps.cards.enums import ReplacementReason, RequestKind
from apps.common.moments import start_of
from apps.desk.claims import walk
from apps.desk.models import Claim
from apps.desk.referrals.live import waiting_for
from apps.review import queue, second_review
from apps.review.enums import Age, AnyRisk, CheckResult, Held, Matter, QueueStage
from apps.risks import finding
from apps.risks.rules import RISKS
from apps.verification.enums import CheckOutcome
from apps.verification.models import Check

MATTERS = {
    Matter.FIRST: Q(kind=RequestKind.FIRST),
    Matter.LOST: Q(replacement_reason=ReplacementReason.LOST),
    Matter.RENEWAL: Q(kind=RequestKind.REPLACEMENT) & ~Q(replacement_reason=ReplacementReason.LOST),
}


def in_stage(requests, stage):
    match stage:
        case QueueStage.ALL:
            return requests.submitted()
        case QueueStage.WAITING:
            return requests.filter(queue.WAITING)
        case QueueStage.RESUBMITTED:
            return queue.resubmitted(requests)
        case QueueStage.FAILED:
            return queue.failed(requests)
        case QueueStage.SECOND_REVIEW:
            return second_review.pending(requests)
        case QueueStage.ASKED:
            return queue.asked(requests)
        case QueueStage.LATE:
            return queue.late(requests)
    return requests.filter(status=stage)


def of_age(age, *, today):
    if age == Age.OVERDUE:
        return Q(waits_since__lt=queue.overdue_before(today))
    if age == Age.DUE_TODAY:
        tomorrow = queue.overdue_before(today + timedelta(days=1))
        return Q(waits_since__gte=queue.overdue_before(today), waits_since__lt=tomorrow)
    return Q(waits_since__lt=start_of(today - timedelta(days=int(age) - 1)))


def with_check(requests, result):
    checks = Check.objects.filter(card_request=OuterRef("pk"))
    uncertain = Exists(checks.filter(outcome=CheckOutcome.UNCERTAIN))
    passed = Exists(checks.filter(outcome=CheckOutcome.PASSED))
    match result:
        case CheckResult.UNCERTAIN:
            return requests.filter(uncertain)
        case CheckResult.PASSED:
            return requests.filter(passed).exclude(uncertain)
    return requests.exclude(uncertain).exclude(passed)


def with_risk(requests, risk):
    match risk:
        case AnyRisk.NONE:
            return finding.without(requests)
        case AnyRisk.SOME:
            return finding.with_one_of(requests, list(RISKS))
    return finding.with_one_of(requests, [risk])


def held_by(requests, held, *, user, at):
    # Few cases are held at a time: with a list of keys the database can start from them. What one
    # person holds is read first, because beside all the columns of a list PostgreSQL no longer
    # looks for the better order: it took seconds among a million.
    live = Claim.objects.live(at).filter(card_request__isnull=False).values("card_request")
    match held:
        case Held.MINE:
            return requests.filter(pk__in=_read(live.filter(by=user)))
        case Held.POSTPONED:
            return walk.own(requests, by=user, at=at)
        case Held.REFERRED:
            mine = waiting_for(user, requests, at=at).order_by().values("pk")
            return requests.filter(pk__in=_read(mine))
        case Held.OTHERS:
            return requests.filter(pk__in=live.exclude(by=user))
    return requests.exclude(pk__in=live)


def _read(keys):
    return [key for row in keys for key in row.values()]
