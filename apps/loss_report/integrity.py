"""Of temporary losses: a card is suspended exactly as long as its report runs."""

from django.db.models import Exists, OuterRef

from apps.cards.enums import CardStatus
from apps.cards.models import Card
from apps.common.integrity import Invariant
from apps.loss_report.enums import LossReportStatus
from apps.loss_report.models import LossReport


def _suspended_without_report(at):
    report = LossReport.objects.filter(
        card=OuterRef("pk"), status=LossReportStatus.OPEN, ends_at=OuterRef("suspended_until")
    )
    return Card.objects.filter(~Exists(report), status=CardStatus.SUSPENDED)


def _reports_on_other_cards(at):
    reports = LossReport.objects.filter(status=LossReportStatus.OPEN)
    return reports.exclude(card__status=CardStatus.SUSPENDED)


INVARIANTS = [
    Invariant("临时挂失的社保卡都有同时到期的挂失", _suspended_without_report),
    Invariant("进行中的临时挂失，社保卡都在临时挂失", _reports_on_other_cards),
]
