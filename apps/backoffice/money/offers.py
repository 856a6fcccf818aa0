"""What somebody may do at the desk about a refund, or about money that matches no order."""

from functools import partial

from django.urls import reverse

from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.event_kinds import MoneyAction
from apps.events.enums import Role
from apps.lifecycle.offers import Offers, offer, offer_without_move
from apps.payments.enums import DiscrepancyAction, PaymentAction


def check_decides(user):
    """Raise `Refused` unless `user` may act here (and not only read)."""
    if not user.has_perm(roles.DECIDE):
        raise Refused("只有审核人可以处理退款和到账。", code="no_permission")


def of_refund(payment, *, by, at) -> Offers:
    """The offers for a `payment` whose refund did not succeed."""

    def page(name):
        return reverse(f"admin:payments_discrepancy_{name}", args=[payment.reference])

    moved = partial(
        offer,
        payment,
        role=Role.REVIEWER,
        at=at,
        checks=(partial(check_decides, by),),
        is_post=True,
    )
    return Offers(
        [
            moved(
                PaymentAction.RETRY_REFUND,
                words="请支付平台再退一次",
                url=page("retry"),
                is_main=True,
            ),
            moved(
                PaymentAction.SETTLE_REFUND,
                words="已另行退还，办结",
                url=page("settle_refund"),
            ),
        ]
    )


def of_discrepancy(discrepancy, *, by, at) -> Offers:
    """The offers for money that matches no order."""
    return Offers(
        [
            offer(
                discrepancy,
                DiscrepancyAction.SETTLE,
                words="办结",
                url=reverse("admin:payments_discrepancy_settle", args=[discrepancy.reference]),
                role=Role.REVIEWER,
                at=at,
                checks=(partial(check_decides, by),),
                is_main=True,
                is_post=True,
            )
        ]
    )


def to_note(name, row, *, by):
    """The offer to write down how far the work on `row` is, at the page `name`."""
    return offer_without_move(
        MoneyAction.NOTE,
        words="记下",
        url=reverse(f"admin:payments_discrepancy_{name}", args=[row.reference]),
        checks=(partial(check_decides, by),),
        is_post=True,
    )
