"""The rows behind bench.report_file, and the bare statements that do the same as the portal."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection

from apps.bureau.adapters import report_file
from apps.bureau.models import BureauReport, ProductionBatch, ProductionOrder
from apps.bureau.port import OrderReport
from apps.cards.enums import RequestAction
from apps.cards.models import Card, CardRequest
from apps.encryption.fields import blind_index
from apps.events.enums import AS_WORKER
from apps.events.models import Event
from apps.lifecycle.writing import write_events
from apps.people.models import Holder, User
from apps.regions.models import Bank, City, CityRule, Province

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BEFORE = AT - timedelta(days=1)
_PAST = (RequestAction.SUBMIT, RequestAction.PAY, RequestAction.ACCEPT, RequestAction.APPROVE)


# --- The bare statements --------------------------------------------------------------------------

_RANDOM = (
    "SUBSTR(MD5(RANDOM()::TEXT), 1, 16)"
    if connection.vendor == "postgresql"
    else "LOWER(HEX(RANDOMBLOB(8)))"
)
_JOINED = """bureau_bureaureport AS report
    JOIN bureau_productionorder AS own ON own.reference = report.order_reference
    JOIN cards_cardrequest AS request ON request.id = own.card_request_id
    WHERE report.status <> 'APPLIED'"""


def _event(kind, key, reference, holder, action, old, new, source, *, due="report.reported_at"):
    return f"""INSERT INTO events_event (subject_kind, subject_id, reference, holder_id, action,
        from_status, to_status, at, due_at, role, channel, reason, facts)
    SELECT '{kind}', {key}, {reference}, {holder}, '{action}', '{old}', '{new}', %(at)s, {due},
        'WORKER', 'WORKER', '', '{{}}' FROM {source}"""  # noqa: S608


def _of_request(action, old, new):
    return _event(
        "card_request",
        "request.id",
        "request.reference",
        "request.holder_id",
        action,
        old,
        new,
        _JOINED,
    )


def _of_order(action, old, new):
    return _event(
        "order",
        "own.id",
        "own.reference",
        "request.holder_id",
        action,
        old,
        new,
        _JOINED,
        due="NULL",
    )


_REPORTS = [
    _event(
        "report",
        "report.id",
        "report.reference",
        "NULL",
        "APPLY",
        "NEW",
        "APPLIED",
        "bureau_bureaureport AS report WHERE report.status <> 'APPLIED'",
        due="NULL",
    ),
    "UPDATE bureau_bureaureport SET status = 'APPLIED', status_since = %(at)s "
    "WHERE status <> 'APPLIED'",
]
# The indexes of the card numbers, which no statement can compute: `note_numbers` has them ready.
_NUMBERED = _JOINED.replace(
    "WHERE", "JOIN bench_number AS said ON said.report_id = report.id WHERE"
)
MADE = [
    _event(
        "card",
        "old.id",
        "old.reference",
        "old.holder_id",
        "RETIRE",
        "LOST",
        "RETIRED",
        _JOINED.replace("WHERE", "JOIN cards_card AS old ON old.id = request.old_card_id WHERE"),
        due="NULL",
    ),
    f"""UPDATE cards_card SET status = 'RETIRED', status_since = %(at)s
    WHERE id IN (SELECT request.old_card_id FROM {_JOINED})""",  # noqa: S608
    f"""INSERT INTO cards_card (reference, holder_id, city_id, bank_id, card_number,
        card_number_index, status, status_since, replaces_id)
    SELECT {_RANDOM}, request.holder_id, request.city_id, request.bank_id, report.card_number,
        said.number, 'SEALED', %(at)s, request.old_card_id FROM {_NUMBERED}""",  # noqa: S608
    _event(
        "card",
        "card.id",
        "card.reference",
        "card.holder_id",
        "ISSUE",
        "",
        "SEALED",
        _NUMBERED.replace(
            "WHERE", "JOIN cards_card AS card ON card.card_number_index = said.number WHERE"
        ),
    ),
    _of_request("PRODUCE", "APPROVED", "PRODUCED"),
    _of_order("MAKE", "OPEN", "MADE"),
    f"""UPDATE cards_cardrequest SET status = 'PRODUCED', status_since = %(at)s, card_id = card.id
    FROM (SELECT request.id AS key, said.number AS number FROM {_NUMBERED}) AS said
    JOIN cards_card AS card ON card.card_number_index = said.number
    WHERE cards_cardrequest.id = said.key""",  # noqa: S608
    f"""UPDATE bureau_productionorder SET status = 'MADE', status_since = %(at)s
    WHERE id IN (SELECT own.id FROM {_JOINED})""",  # noqa: S608
    *_REPORTS,
]
SENT = [
    _of_request("DISPATCH", "PRODUCED", "DISPATCHED"),
    _of_order("SEND", "MADE", "SENT"),
    f"""UPDATE cards_cardrequest SET status = 'DISPATCHED', status_since = %(at)s,
        carrier = said.carrier, tracking_number = said.tracking
    FROM (SELECT request.id AS key, report.carrier AS carrier,
        report.tracking_number AS tracking FROM {_JOINED}) AS said
    WHERE cards_cardrequest.id = said.key""",  # noqa: S608
    f"""UPDATE bureau_productionorder SET status = 'SENT', status_since = %(at)s
    WHERE id IN (SELECT own.id FROM {_JOINED})""",  # noqa: S608
    *_REPORTS,
]


def note_numbers():
    """Compute the index of the card number in each report that is stored."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_number (report_id bigint, number text)")
        cursor.executemany(
            "INSERT INTO bench_number VALUES (%s, %s)",
            [(one.pk, blind_index(one.card_number)) for one in BureauReport.objects.iterator()],
        )
        cursor.execute("CREATE INDEX bench_number_report ON bench_number (report_id)")


# --- The rows -------------------------------------------------------------------------------------


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


def fill(lines):
    """That many approved requests with their orders; every tenth replaces a lost card."""
    events, rule = Event.objects.count(), place()
    bank, _ = Bank.objects.get_or_create(code="95533", defaults={"name": "中国建设银行"})
    own_place = {"city": rule.city, "bank": bank}
    user = User.objects.create_user("B000001", None)
    batch = ProductionBatch.objects.create(
        created_at=BEFORE, next_try_at=BEFORE, status="SUBMITTED", status_since=BEFORE
    )
    born = date(1985, 6, 15)
    holders = Holder.objects.bulk_create(
        Holder(name="张超", id_number=f"37{number:016d}", birth_date=born, sex="1")
        for number in range(lines)
    )
    old = Card.objects.bulk_create(
        Card(
            holder=holder,
            card_number=f"O{key:08d}",
            status="LOST",
            status_since=BEFORE,
            **own_place,
        )
        for key, holder in enumerate(holders[::10])
    )
    lost = {card.holder_id: card for card in old}
    requests = CardRequest.objects.bulk_create(
        [
            CardRequest(
                holder=holder,
                applicant=user,
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
        for number, card_request in enumerate(requests)
    )
    if Event.objects.count() != events:
        raise SystemExit("the rows were to be written without events")
    _write_their_past(requests)


def _write_their_past(requests):
    """Their events so far: for an empty book PostgreSQL plans otherwise."""
    keys = [card_request.pk for card_request in requests]
    for action in _PAST:
        write_events(CardRequest, keys, action, at=BEFORE, old="", **AS_WORKER)
