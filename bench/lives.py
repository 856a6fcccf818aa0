"""Whole lives behind the figures: requests with all their events, written by the database itself.

Of ten requests two wait, one is being amended, one was rejected and six were received, with their
cards. The events stand in the book in the order of time, as they would have come.
"""

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from apps.encryption.fields import encrypt
from bench import queue_rows

# (action, from, to, role, days after the acceptance, the SQL condition of the requests)
LIFE = (
    ("SUBMIT", "DRAFT", "SUBMITTED", "HOLDER", 0, "TRUE"),
    ("PAY", "SUBMITTED", "PAID", "GATEWAY", 0, "TRUE"),
    ("ACCEPT", "PAID", "ACCEPTED", "WORKER", 0, "TRUE"),
    ("REQUEST_AMENDMENT", "ACCEPTED", "NEEDS_AMENDMENT", "REVIEWER", 1, "id % 10 IN (1, 2)"),
    ("AMEND", "NEEDS_AMENDMENT", "ACCEPTED", "HOLDER", 2, "id % 10 = 1"),
    ("REJECT", "ACCEPTED", "REJECTED", "REVIEWER", 2, "id % 10 = 3"),
    ("APPROVE", "ACCEPTED", "APPROVED", "REVIEWER", 3, "id % 10 >= 4"),
    ("PRODUCE", "APPROVED", "PRODUCED", "WORKER", 12, "id % 10 >= 4"),
    ("DISPATCH", "PRODUCED", "DISPATCHED", "WORKER", 15, "id % 10 >= 4"),
    ("COLLECT", "DISPATCHED", "COLLECTED", "HOLDER", 20, "id % 10 >= 4"),
)
_COLUMNS = (
    "subject_kind, subject_id, reference, holder_id, action, from_status, to_status, at, by_id, "
    "role, channel, reason, facts"
)


def fill(count):
    """`count` people with a request each and the events of its life; PostgreSQL only."""
    own = {table: rows for table, rows in queue_rows.TABLES.items() if table != "events_event"}
    queue_rows.fill(count, own)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "INSERT INTO cards_card (id, reference, holder_id, city_id, bank_id, card_number, "
            "card_number_index, status, status_since) SELECT id, 'C' || id, holder_id, city_id, "
            "bank_id, %s, 'N' || id, 'ACTIVE', status_since + INTERVAL '25 days' "
            "FROM cards_cardrequest WHERE id %% 10 >= 4",
            [encrypt("A12345678")],
        )
        cursor.execute(
            "UPDATE cards_cardrequest SET status = 'COLLECTED', card_id = id, "
            "status_since = status_since + INTERVAL '20 days' WHERE id % 10 >= 4"
        )
        # Their acceptance, which the update above has moved.
        began = (
            "status_since - CASE WHEN id % 10 >= 4 THEN INTERVAL '20 days' ELSE INTERVAL '0' END"
        )
        life = " UNION ALL ".join(
            f"SELECT id, {place} AS place, '{action}' AS action, '{source}' AS from_status, "  # noqa: S608
            f"'{target}' AS to_status, '{role}' AS role, "
            f"began + INTERVAL '{days} days {place} seconds' AS at FROM request WHERE {condition}"
            for place, (action, source, target, role, days, condition) in enumerate(LIFE)
        )
        cursor.execute(
            f"INSERT INTO events_event ({_COLUMNS}) "  # noqa: S608
            f"WITH request AS (SELECT id, {began} AS began FROM cards_cardrequest), "
            f"life AS ({life}) SELECT 'request', id, '', id, action, from_status, to_status, at, "
            "CASE WHEN role IN ('HOLDER', 'REVIEWER') THEN id END, role, 'WEB', '', "
            "CAST('{}' AS JSONB) FROM life "
            "UNION ALL SELECT 'card', id, '', id, 'ACTIVATE', 'SEALED', 'ACTIVE', "
            "began + INTERVAL '25 days', id, 'HOLDER', 'WEB', '', CAST('{}' AS JSONB) FROM request "
            "WHERE id % 10 >= 4 ORDER BY 8"
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")
