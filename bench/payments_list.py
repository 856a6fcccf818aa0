"""全部款项 among a million payments: each filter of the page, and its pages.

    .venv/bin/python -m bench.payments_list [PAYMENTS]

The floor fetches one page of rows by primary key. One payment in ten thousand is of each rare kind.
Beside a figure are the indexes of the payments in the plan of the database.
"""

import re
import sys
import time
from datetime import date, timedelta

from django.db import connection

from apps.common.moments import day_of
from apps.finance import narrowing
from apps.payments.models import Payment
from bench import table
from bench.filling import AT, fill
from bench.queue import milliseconds
from bench.schema import make_tables

PAYMENTS = 1_000_000
FLOOR = "floor: 50 rows by primary key"
NAMES = {"first page": "payments_first_page", "stalled refunds": "payments_stalled"}
_IS_POSTGRESQL = connection.vendor == "postgresql"
# Three years, in the order of the keys.
_DAYS = 1096
_FIRST = date(2023, 11, 20)


def _moment(offset="0"):
    """SQL: when payment i was ordered, and `offset` seconds."""
    seconds = f"(i * {{step}} + {offset})"
    if _IS_POSTGRESQL:
        return f"TIMESTAMPTZ '{_FIRST} 00:00+08' + {seconds} * INTERVAL '1 second'"
    return f"datetime('{_FIRST}', '-8 hours', '+' || {seconds} || ' seconds')"


_STATUS = (
    "CASE i % 10000 WHEN 1 THEN 'REFUNDING' WHEN 2 THEN 'STALLED' WHEN 3 THEN 'FAILED' "
    "WHEN 4 THEN 'PENDING' "
    "ELSE CASE WHEN i % 50 = 5 THEN 'REFUNDED' WHEN i % 20 = 6 THEN 'CLOSED' ELSE 'PAID' END END"
)
_COLUMNS = {
    "id": "i",
    "reference": "SUBSTR(CAST(10000000000000000 + i AS TEXT), 2)",
    "card_request_id": "i",
    "gateway": "CASE WHEN i % 10000 = 7 THEN 'sandbox' ELSE 'alipay' END",
    "subject": "''",
    "amount_fen": "CASE WHEN i % 10000 = 8 THEN 2600 ELSE 1000 + i % 3 * 200 END",
    "status": "status",
    "status_since": _moment(),
    "created_at": _moment(),
    "created_by_id": "i",
    "expires_at": _moment("86400"),
    "trade_number": "CASE WHEN is_received THEN 'T' || i ELSE '' END",
    "paid_at": f"CASE WHEN is_received THEN {_moment('i % 600')} END",
    "refund_began_at": f"CASE WHEN is_going_back THEN {_moment('172800')} END",
    "refunded_at": f"CASE WHEN status = 'REFUNDED' THEN {_moment('259200')} END",
    "refund_reason": "CASE WHEN is_going_back THEN '审核不通过' ELSE '' END",
    "settlement": "''",
    "next_check_at": f"CASE WHEN status NOT IN ('REFUNDED', 'CLOSED') THEN {_moment()} END",
    "check_count": "0",
    "last_error": "''",
}


def fill_payments(count):
    """A payment for each of `count` requests, and some requests of a city that is rare."""
    fill(count)
    values = ", ".join(_COLUMNS.values()).format(step=_DAYS * 86400 // (count + 1))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO payments_payment ({', '.join(_COLUMNS)}) "  # noqa: S608
            f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}), "
            f"s AS (SELECT i, {_STATUS} AS status FROM n), "
            "p AS (SELECT i, status, status IN ('PAID', 'REFUNDING', 'STALLED', 'REFUNDED') "
            "AS is_received, status IN ('REFUNDING', 'STALLED', 'REFUNDED') AS is_going_back "
            f"FROM s) SELECT {values} FROM p"
        )
        cursor.execute("UPDATE cards_cardrequest SET city_id = '110000' WHERE id % 10000 = 9")
        cursor.execute("ANALYZE")


def searches(count):
    """Title → what is chosen on the page."""
    old, month = _FIRST + timedelta(days=40), timedelta(days=30)
    numbered = f"{count // 3:016d}"
    return {
        "first page": {},
        "paid": {"status": "PAID"},
        "refunded": {"status": "REFUNDED"},
        "being refunded": {"status": "REFUNDING"},
        "stalled refunds": {"status": "STALLED"},
        "failed": {"status": "FAILED"},
        "of no status": {"status": "CREATED"},
        "rare gateway": {"gateway": "sandbox"},
        "a city": {"city": "370200"},
        "rare city": {"city": "110000"},
        "order number": {"number": numbered},
        "trade number": {"number": f"T{count // 3}"},
        "unknown number": {"number": "UNKNOWN"},
        "ordered in a month long ago": {"since": old, "until": old + month},
        "paid in a month long ago": {"which": "paid", "since": old, "until": old + month},
        "refunded in a month long ago": {"which": "refunded", "since": old, "until": old + month},
        "refunded since yesterday": {"which": "refunded", "since": day_of(AT)},
        "rare amount": {"least": 2500},
        "no such amount": {"least": 2700},
        "a usual amount": {"least": 1100, "most": 1300},
        "closed, a city, a month long ago": {
            "status": "CLOSED",
            "city": "370200",
            "since": old,
            "until": old + month,
        },
        "rare status, a rare city": {"status": "STALLED", "city": "110000"},
    }


def main(count=PAYMENTS):
    make_tables()
    started = time.perf_counter()
    fill_payments(count)
    spent = time.perf_counter() - started
    print(f"{connection.vendor}: {count:,} payments, written in {spent:.0f} s")
    measure(count)


def measure(count):
    by_key = narrowing.in_order(Payment.objects.filter(pk__in=range(count // 2, count // 2 + 50)))
    old = Payment.objects.get(pk=count // 10 + 1).reference
    floor = milliseconds(lambda: list(by_key.all()))
    print(f"{FLOOR:36} {floor:9.1f} ms")
    for title, chosen in searches(count).items():
        rows, by = narrowing.narrowed(chosen, at=AT), narrowing.order_of(chosen)
        _print(title, rows, by, floor)
        if name := NAMES.get(title):
            table.compare(
                name,
                ours=lambda rows=rows, by=by: narrowing.page_of(rows, column=by),
                floor=lambda: list(by_key.all()),
                unit="times a second",
            )
        if title in ("first page", "stalled refunds", "rare city"):
            _print(f"{title}, deep", rows, by, floor, after=old)
            _print(f"{title}, back", rows, by, floor, before=old)


def _print(title, rows, by, floor, **beyond):
    spent = milliseconds(lambda: narrowing.page_of(rows, column=by, **beyond))
    print(f"{title:36} {spent:9.1f} ms {spent / floor:8.2f} × floor  {indexes(rows, by)}")


def indexes(rows, by):
    """The indexes of the payments' own table that the plan of the first page names."""
    ours = {index.name for index in Payment._meta.indexes}
    plan = narrowing.in_order(rows, by)[: narrowing.SIZE].explain()
    return ", ".join(sorted(ours.intersection(re.findall(r"\w+", plan))))


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
