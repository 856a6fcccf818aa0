"""The rows behind bench.report_file and bench.report_deployed."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.db.models import Max

from apps.bureau.adapters import report_file
from apps.bureau.models import ProductionBatch, ProductionOrder
from apps.bureau.port import OrderReport
from apps.cards.enums import RequestAction
from apps.cards.models import Card, CardRequest
from apps.events.enums import AS_WORKER
from apps.events.models import Event
from apps.lifecycle.writing import write_events
from apps.notices.models import NoticeCursor
from apps.people.models import Holder, User
from apps.regions.models import Bank, City, CityRule, Province

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BEFORE = AT - timedelta(days=1)
NOBODY_SIGNS_IN = "!"
_PAST = (RequestAction.SUBMIT, RequestAction.PAY, RequestAction.ACCEPT, RequestAction.APPROVE)


def contents(lines, kind, *, first=0):
    """A report file about `lines` orders, from the number `first` on."""
    details = [
        {"card_number": f"A{number:08d}"}
        if kind == "MADE"
        else {"carrier": "EMS", "tracking_number": f"{number:013d}"}
        for number in range(first, first + lines)
    ]
    return report_file.write(
        OrderReport(
            reference=f"{kind}-{number}",
            order_reference=f"ORDER{number:011d}",
            kind=kind,
            at=BEFORE,
            **own,
        )
        for number, own in enumerate(details, first)
    )


def place():
    """The rule of a city, which is made with its province unless they are there."""
    province, _ = Province.objects.get_or_create(code="370000", defaults={"name": "山东省"})
    city, _ = City.objects.get_or_create(
        code="370100", defaults={"name": "济南市", "province": province}
    )
    return CityRule.objects.filter(city=city).first() or CityRule.objects.create(
        city=city, valid_from=date(2020, 1, 1)
    )


def fill(lines, *, first=0):
    """That many approved requests with their orders; every tenth replaces a lost card.

    The orders are numbered from `first` on. Each person has an account.
    """
    events, rule = Event.objects.count(), place()
    bank, _ = Bank.objects.get_or_create(code="95533", defaults={"name": "中国建设银行"})
    own_place = {"city": rule.city, "bank": bank}
    batch = ProductionBatch.objects.create(
        created_at=BEFORE, next_try_at=BEFORE, status="SUBMITTED", status_since=BEFORE
    )
    numbers = range(first, first + lines)
    holders = _people(numbers)
    old = Card.objects.bulk_create(
        Card(
            holder=holder,
            card_number=f"O{number:08d}",
            status="LOST",
            status_since=BEFORE,
            **own_place,
        )
        for number, holder in zip(numbers[::10], holders[::10], strict=True)
    )
    lost = {card.holder_id: card for card in old}
    requests = CardRequest.objects.bulk_create(
        [
            CardRequest(
                holder=holder,
                applicant_id=holder.user_id,
                kind="REPLACEMENT" if holder.pk in lost else "FIRST",
                replacement_reason="LOST" if holder.pk in lost else "",
                old_card=lost.get(holder.pk),
                rule=rule,
                status="APPROVED",
                status_since=BEFORE,
                **own_place,
            )
            for holder in holders
        ],
        batch_size=1000,  # a column with a default of the database makes each value a parameter
    )
    ProductionOrder.objects.bulk_create(
        ProductionOrder(
            reference=f"ORDER{number:011d}",
            card_request=card_request,
            batch=batch,
            status="OPEN",
            status_since=BEFORE,
        )
        for number, card_request in zip(numbers, requests, strict=True)
    )
    if Event.objects.count() != events:
        raise SystemExit("the rows were to be written without events")
    _write_their_past(requests)


def _people(numbers):
    users = User.objects.bulk_create(
        User(employee_number=f"B{number:08d}", password=NOBODY_SIGNS_IN) for number in numbers
    )
    return Holder.objects.bulk_create(
        Holder(
            user=user,
            name="张超",
            id_number=f"37{number:016d}",
            birth_date=date(1985, 6, 15),
            sex="1",
        )
        for number, user in zip(numbers, users, strict=True)
    )


def _write_their_past(requests):
    """Their events so far: for an empty book PostgreSQL plans otherwise."""
    keys = [card_request.pk for card_request in requests]
    for action in _PAST:
        write_events(CardRequest, keys, action, at=BEFORE, old="", **AS_WORKER)


def skip_messages():
    """Have no message made of the events so far."""
    last = last_event()
    NoticeCursor.objects.update_or_create(
        pk=1, defaults={"settled_event": last, "seen_event": last, "seen_at": AT}
    )


def last_event():
    return Event.objects.aggregate(last=Max("pk"))["last"]


def analyze():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
