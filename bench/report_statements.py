"""The bare statements that do the same as the portal, behind bench.report_file."""

from django.db import connection

from apps.bureau.models import BureauReport
from apps.encryption.fields import blind_index
from bench.report_rows import AT

_RANDOM = (
    "SUBSTR(MD5(RANDOM()::TEXT), 1, 16)"
    if connection.vendor == "postgresql"
    else "LOWER(HEX(RANDOMBLOB(8)))"
)
# Of several processes each takes a part of the reports, which are numbered without a gap.
_WAITING = "report.status <> 'APPLIED' AND report.id %% %(parts)s = %(part)s"
_JOINED = f"""bureau_bureaureport AS report
    JOIN bureau_productionorder AS own ON own.reference = report.order_reference
    JOIN cards_cardrequest AS request ON request.id = own.card_request_id
    WHERE {_WAITING}"""


def _event(kind, key, reference, holder, action, old, new, source, *, due="report.reported_at"):
    return f"""INSERT INTO events_event (subject_kind, subject_id, reference, holder_id, action,
        from_status, to_status, at, due_at, role, channel, reason, facts)
    SELECT '{kind}', {key}, {reference}, {holder}, '{action}', '{old}', '{new}', %(at)s, {due},
        'WORKER', 'WORKER', '', '{{}}' FROM {source}"""  # noqa: S608


def _of_request(action, old, new):
    return _event(
        "request",
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
        f"bureau_bureaureport AS report WHERE {_WAITING}",
        due="NULL",
    ),
    f"""UPDATE bureau_bureaureport AS report SET status = 'APPLIED', status_since = %(at)s
    WHERE {_WAITING}""",  # noqa: S608
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

# Who hears of it, and how: `apps/requests/messages.py`, `apps/cards/messages.py`.
MESSAGES = """INSERT INTO notices_notice (event_id, holder_id, recipient_id, channel, text,
        created_at, status, next_try_at, tries, last_error, is_set_aside)
    SELECT event.id, event.holder_id, holder.user_id, way.channel, '', %(at)s, 'WAITING', %(at)s,
        0, '', FALSE
    FROM events_event AS event JOIN people_holder AS holder ON holder.id = event.holder_id
    JOIN (SELECT 'PORTAL' AS channel UNION ALL SELECT 'SMS') AS way
        ON way.channel = 'PORTAL' OR event.subject_kind = 'request'
    WHERE event.id > %(last)s AND (event.subject_kind = 'request'
        AND event.action IN ('PRODUCE', 'DISPATCH')
        OR event.subject_kind = 'card' AND event.action = 'RETIRE')"""


def run(statements, *, part=0, parts=1):
    """Apply this part of the stored reports by the bare `statements`."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"at": AT, "part": part, "parts": parts})


def tell(*, last):
    """Write the messages about the events after the one with the key `last`."""
    with connection.cursor() as cursor:
        cursor.execute(MESSAGES, {"at": AT, "last": last})


def note_numbers():
    """Compute the index of the card number in each report that is stored and not applied."""
    reports = BureauReport.objects.open()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_number")
        cursor.execute("CREATE TABLE bench_number (report_id bigint, number text)")
        cursor.executemany(
            "INSERT INTO bench_number VALUES (%s, %s)",
            [(one.pk, blind_index(one.card_number)) for one in reports.iterator()],
        )
        cursor.execute("CREATE INDEX bench_number_report ON bench_number (report_id)")
