"""What a benchmark's unit has behind it: the rows of each person, as SQL.

People with a request each and what came of it: events, cards, orders, the bureau's reports and
messages. Of ten requests two wait (a tenth of those came back), one is being amended, one was
rejected, and six were received. Every row follows from the number of its person, so the same
numbers make the same rows, and `bench.filling` can write the tables side by side. Orders and
reports have no events.
"""

from django.db import connection

from apps.encryption.fields import encrypt

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
IS_POSTGRESQL = connection.vendor == "postgresql"

# --- What happens to person i ---------------------------------------------------------------------

# (action, from, to, role, days after the acceptance, the SQL condition of the people)
_OF_REQUEST = (
    ("SUBMIT", "DRAFT", "SUBMITTED", "HOLDER", 0, "TRUE"),
    ("PAY", "SUBMITTED", "PAID", "GATEWAY", 0, "TRUE"),
    ("ACCEPT", "PAID", "ACCEPTED", "WORKER", 0, "TRUE"),
    ("REQUEST_AMENDMENT", "ACCEPTED", "NEEDS_AMENDMENT", "REVIEWER", 1, "i % 10 = 2 OR i % 50 = 1"),
    ("AMEND", "NEEDS_AMENDMENT", "ACCEPTED", "HOLDER", 2, "i % 50 = 1"),
    ("REJECT", "ACCEPTED", "REJECTED", "REVIEWER", 2, "i % 10 = 3"),
    ("APPROVE", "ACCEPTED", "APPROVED", "REVIEWER", 3, "i % 10 > 3"),
    ("PRODUCE", "APPROVED", "PRODUCED", "WORKER", 12, "i % 10 > 3"),
    ("DISPATCH", "PRODUCED", "DISPATCHED", "WORKER", 15, "i % 10 > 3"),
    ("COLLECT", "DISPATCHED", "COLLECTED", "HOLDER", 20, "i % 10 > 3"),
)
_OF_CARD = (
    ("ISSUE", "", "SEALED", "WORKER", 12, "i % 10 > 3"),
    ("ACTIVATE", "SEALED", "ACTIVE", "HOLDER", 25, "i % 10 > 3"),
)
_LIFE = [("request", *move) for move in _OF_REQUEST] + [("card", *move) for move in _OF_CARD]
_HAS_CARD = "i % 10 > 3"
_MADE = f"n WHERE {_HAS_CARD}"
_STATUS = (
    "CASE WHEN i % 10 < 2 THEN 'ACCEPTED' WHEN i % 10 = 2 THEN 'NEEDS_AMENDMENT' "
    "WHEN i % 10 = 3 THEN 'REJECTED' ELSE 'COLLECTED' END"
)
_DAYS = (
    "CASE WHEN i % 50 = 1 THEN 2 WHEN i % 10 < 2 THEN 0 WHEN i % 10 = 2 THEN 1 "
    "WHEN i % 10 = 3 THEN 2 ELSE 20 END"
)
# In how many days the requests were accepted. Those that are over came some days earlier than those
# that wait, so that no event lies after the last of `DAYS`.
_SPAN, _EARLIER = 115, 24
DAYS = _SPAN + 26
# 7919 is a prime: they come in another order than the keys.
_SECONDS = (
    f"(CAST(i AS BIGINT) * 7919 % {{count}} * {_SPAN * 86400} / {{count}} "
    f"+ CASE WHEN i % 10 < 3 THEN {_EARLIER * 86400} ELSE 0 END)"
)


def _moment(days="0", seconds=_SECONDS):
    """SQL: the moment `days` after the acceptance of person i."""
    since = f"({seconds} + ({days}) * 86400)"
    if IS_POSTGRESQL:
        return f"TIMESTAMPTZ '{{since}}' + {since} * INTERVAL '1 second'"
    return f"datetime('{{since}}', '+' || {since} || ' seconds')"


def one_of(values, turn):
    """SQL: the value whose place is `turn`, an expression."""
    lines = " ".join(f"WHEN {place} THEN '{value}'" for place, value in enumerate(values))
    return f"CASE {turn} {lines} END"


# --- The rows of person i -------------------------------------------------------------------------

# A name of three plain characters is its own key.
_NAME = " || ".join(
    f"SUBSTR('{SURNAMES}', 1 + i / {step} % {len(SURNAMES)}, 1)"
    for step in (1, len(SURNAMES), len(SURNAMES) ** 2)
)
_NUMBER = "SUBSTR(CAST(10000000000000000 + i AS TEXT), 2)"
_BORN, _CARD_NUMBER, _TEXT = (
    f"'{encrypt(text)}'" for text in ("1985-06-15", "A12345678", "您的申请有新进展。")
)


def _report(kind, days):
    return {
        "reference": f"'{kind}' || i",
        "order_reference": _NUMBER,
        "kind": f"'{kind}'",
        "reported_at": _moment(days),
        "received_at": _moment(days),
        "next_try_at": _moment(days),
        "status": "'APPLIED'",
        "status_since": _moment(days),
    }


_KINDS, _ACTIONS, _SOURCES, _TARGETS, _WHO, _, _ = zip(*_LIFE, strict=True)
_ROLE = one_of(_WHO, "place")
_EVENT = {
    "subject_kind": one_of(_KINDS, "place"),
    "subject_id": "i",
    "reference": "''",
    "holder_id": "i",
    "action": one_of(_ACTIONS, "place"),
    "from_status": one_of(_SOURCES, "place"),
    "to_status": one_of(_TARGETS, "place"),
    "at": _moment(seconds="seconds"),
    "by_id": f"CASE WHEN {_ROLE} IN ('HOLDER', 'REVIEWER') THEN i END",
    "role": _ROLE,
    "channel": "'WEB'",
}
_STEPS = " UNION ALL ".join(
    f"SELECT i, {place} AS place, {_SECONDS} + {days * 86400 + place} AS seconds "  # noqa: S608
    f"FROM n WHERE {condition}"
    for place, (*_, days, condition) in enumerate(_LIFE)
)
_NOTICE = {
    "event_id": "id",
    "holder_id": "holder_id",
    "recipient_id": "holder_id",
    "channel": "'PORTAL'",
    "text": _TEXT,
    "created_at": "at",
    "status": "'SENT'",
    "sent_at": "at",
    "read_at": "CASE WHEN holder_id % 5 > 0 THEN at END",
}
_TOLD = "events_event WHERE holder_id >= {first} AND action IN ('ACCEPT', 'DISPATCH')"
# [(table, {column: its value}, the SQL source of the rows)]; n are the people.
EVENTS = [
    ("events_event", _EVENT, f"({_STEPS}) step ORDER BY seconds"),
    ("notices_notice", _NOTICE, _TOLD),
]
ROWS = [
    (
        "requests_particulars",
        {
            "card_request_id": "i",
            "name": _NAME,
            "name_key": _NAME,
            "id_type": "'1'",
            "sex": "'1'",
            "birth_date": _BORN,
            "nationality": "'CHN'",
            "ethnicity": "'01'",
            "guardian_id": "CASE WHEN i % 20 = 0 THEN i END",
            "guardian_relation": "CASE WHEN i % 20 = 0 THEN '1' ELSE '' END",
        },
        "n",
    ),
    (
        "cards_cardrequest",
        {
            "id": "i",
            "reference": _NUMBER,
            "holder_id": "i",
            "applicant_id": "i",
            "kind": "'FIRST'",
            "city_id": "{city}",
            "bank_id": "{bank}",
            "rule_id": "{rule}",
            "status": _STATUS,
            "status_since": _moment(_DAYS),
            "submitted_at": _moment(),
            "came_back_by": "CASE WHEN i % 50 = 1 THEN 'AMEND' ELSE '' END",
            "card_id": f"CASE WHEN {_HAS_CARD} THEN i END",
            "tracking_number": f"CASE WHEN {_HAS_CARD} THEN {_NUMBER} ELSE '' END",
        },
        "n",
    ),
    (
        "people_holder",
        {
            "id": "i",
            "reference": "'H' || i",
            "user_id": "i",
            "name": _NAME,
            "name_key": _NAME,
            "id_type": "'1'",
            "id_number_index": "'I' || i",
            "id_tail_index": "(SELECT tail FROM bench_tail WHERE number = i * 31 % 10000)",
            "birth_date": _BORN,
            "sex": "'1'",
            "ethnicity": "'01'",
            "nationality": "'CHN'",
            "department": "'第 ' || (i / 7 % 300) || ' 学院'",
        },
        "n",
    ),
    (
        "people_user",
        {
            "id": "i",
            "password": "''",
            "employee_number": "'B' || i",
            "is_active": "TRUE",
            "created_at": _moment(),
        },
        "n",
    ),
    (
        "cards_card",
        {
            "id": "i",
            "reference": _NUMBER,
            "holder_id": "i",
            "city_id": "{city}",
            "bank_id": "{bank}",
            "card_number": _CARD_NUMBER,
            "card_number_index": "'N' || i",
            "status": "'ACTIVE'",
            "status_since": _moment("25"),
        },
        _MADE,
    ),
    (
        "bureau_productionorder",
        {
            "id": "i",
            "reference": _NUMBER,
            "card_request_id": "i",
            "batch_id": "{batch}",
            "status": "'SENT'",
            "status_since": _moment("15"),
        },
        _MADE,
    ),
    ("bureau_bureaureport", _report("MADE", "12"), _MADE),
    ("bureau_bureaureport", _report("SENT", "15"), _MADE),
]
