"""How far the batches at the bureau are, and how long they take compared with the promise."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q

from apps.bureau import event_kinds
from apps.bureau.enums import AddressAction, BatchStatus, OrderStatus
from apps.bureau.models import BureauFile, ProductionOrder
from apps.bureau.models.production import BatchState
from apps.cards.enums import RequestStatus, Stage
from apps.common.moments import day_of
from apps.common.working_days import count_working_days
from apps.events.models import Event
from apps.regions.models import CityRule
from apps.requests import promises

_HELD = Q(status__in=(OrderStatus.HELD, OrderStatus.RELEASED))
_LIVE = Q(status__in=(OrderStatus.OPEN, OrderStatus.MADE, OrderStatus.SENT))
_SENT = Q(card_request__status__in=(RequestStatus.DISPATCHED, RequestStatus.COLLECTED))


@dataclass
class Progress:
    """A batch in figures; `days` and `limit_days` are working days since it left."""

    orders: int = 0
    waiting: int = 0
    made: int = 0
    sent: int = 0
    failed: int = 0
    held: int = 0
    rule_pks: set[int] = field(default_factory=set)
    state: BatchState = BatchState.WAITING
    days: int | None = None
    limit_days: int = 0

    @property
    def is_done(self):
        return self.state == BatchState.DONE

    @property
    def is_failing(self):
        """Whether sending was tried and failed."""
        return self.state == BatchState.FAILING

    @property
    def is_overdue(self):
        return not self.is_done and (self.days or 0) > self.limit_days


def progress(batches, *, at):
    """Batch pk → `Progress` at the moment `at`, in two queries for all of `batches`."""
    found: defaultdict[int, Progress] = defaultdict(Progress)
    for row in (
        ProductionOrder.objects.filter(batch__in=[batch.pk for batch in batches])
        .values("batch", "card_request__rule")
        .annotate(
            orders=Count("pk"),
            held=Count("pk", filter=_HELD),
            failed=Count("pk", filter=Q(status=OrderStatus.FAILED)),
            waiting=Count("pk", filter=_LIVE & Q(card_request__status=RequestStatus.APPROVED)),
            made=Count("pk", filter=_LIVE & Q(card_request__status=RequestStatus.PRODUCED)),
            sent=Count("pk", filter=_LIVE & _SENT),
        )
    ):
        one = found[row["batch"]]
        one.rule_pks.add(row["card_request__rule"])
        for name in ("orders", "held", "failed", "waiting", "made", "sent"):
            setattr(one, name, getattr(one, name) + row[name])
    rules = CityRule.objects.in_bulk({pk for one in found.values() for pk in one.rule_pks})
    for batch in batches:
        one = found[batch.pk]
        one.state = _state(batch, one)
        one.limit_days = max((_limit(rules[pk], one) for pk in one.rule_pks), default=0)
        if batch.submitted_at:
            one.days = count_working_days(day_of(batch.submitted_at), day_of(at))
    return found


def untold():
    """The orders at a bureau of whose latest address it was not told, by a file or a call."""
    told = BureauFile.objects.filter(
        batch=OuterRef("batch"),
        name__startswith=OuterRef("reference"),
        exchanged_at__gte=OuterRef("card_request__shipment__saved_at"),
    )
    called = _of_latest_address(AddressAction.PHONE)
    return ProductionOrder.objects.readdressed().filter(~Exists(told), ~Exists(called))


def unrecorded():
    """The orders at a bureau of whose latest address no event says that it was changed."""
    changed = _of_latest_address(AddressAction.CHANGE)
    return ProductionOrder.objects.readdressed().filter(~Exists(changed))


def _of_latest_address(action):
    """The events of an order since its address was saved last, by `action`."""
    return Event.objects.of_kind(event_kinds.ADDRESS).filter(
        subject_id=OuterRef("pk"),
        action=action,
        at__gte=OuterRef("card_request__shipment__saved_at"),
    )


def _state(batch, one):
    if batch.status == BatchStatus.EMPTY:
        return BatchState.EMPTY
    if batch.submitted_at is None:
        return BatchState.FAILING if batch.last_error else BatchState.WAITING
    if not one.waiting and not one.made:
        return BatchState.DONE
    return BatchState.PARTLY if one.waiting < one.orders - one.held else BatchState.WITH_BUREAU


def _limit(rule, one):
    """The promised days for making the cards by `rule`; once all are made, those for sending."""
    promised = promises.promised(rule)
    days = promised[Stage.PRODUCE].limit_days
    return days if one.waiting else days + promised[Stage.DISPATCH].limit_days
