"""Keeps what a gateway reports of money and our orders do not say, until a person closes it."""

from django.db import IntegrityError, transaction

from apps.events.enums import AS_GATEWAY, Channel, Role
from apps.lifecycle import engine
from apps.payments.enums import DiscrepancyAction
from apps.payments.models import Discrepancy


@transaction.atomic
def find(*, kind, report, gateway, payment, amount_fen, at):
    """Keep what `report` says, once, however often it is repeated. Returns whether it is new.

    `payment` is the order that is meant, locked by the caller, or None for an unknown one.
    """
    same = {
        "kind": kind,
        "gateway": gateway,
        "order_number": report.reference,
        "trade_number": report.trade_number,
        "amount_fen": amount_fen,
    }
    if Discrepancy.objects.filter(**same).exists():
        return False
    row = Discrepancy(
        **same, payment=payment, holder=payment and payment.card_request.holder, found_at=at
    )
    try:
        with transaction.atomic():
            engine.begin(row, DiscrepancyAction.FIND, at=at, facts=_facts(payment), **AS_GATEWAY)
    except IntegrityError:
        # Of an unknown order nothing is locked: the same report was kept at this very moment.
        if not Discrepancy.objects.filter(**same).exists():
            raise
        return False
    return True


def _facts(payment):
    return {"order": payment.reference} if payment else {}


def find_by_bill(*, rows, at):
    """Keep the differences of a daily bill: unsaved rows. Those known already are left out.

    Returns the new ones.
    """
    trades = {row.trade_number for row in rows}
    known = {_key(row) for row in Discrepancy.objects.filter(trade_number__in=trades)}
    new = [row for row in rows if _key(row) not in known]
    for row in new:
        row.found_at = at
    return engine.begin_all(
        new, DiscrepancyAction.FIND, at=at, facts=lambda row: _facts(row.payment), **AS_GATEWAY
    )


def _key(row):
    return row.gateway, row.kind, row.order_number, row.trade_number, row.amount_fen


@transaction.atomic
def settle(*, discrepancy, settlement, by, at, role=Role.REVIEWER):
    """Close it with the sentence how it was settled. Raises `NotAllowed`, `Overtaken`."""
    engine.move(
        discrepancy,
        DiscrepancyAction.SETTLE,
        by=by,
        role=role,
        at=at,
        channel=Channel.ADMIN,
        reason=settlement,
        facts=_facts(discrepancy.payment),
        settlement=settlement,
        settled_at=at,
        settled_by=by,
    )
