"""The rows behind bench.queue, written by the database itself: one statement a table."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max

from apps.cards.models import CardRequest
from apps.desk import roles
from apps.encryption.fields import blind_index, encrypt
from apps.people.models import Holder, User
from apps.regions.models import Bank, CityRule

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
CITIES, BANKS = 16, 4
_IS_POSTGRESQL = connection.vendor == "postgresql"
# One every ten seconds, in another order than the keys; 7919 is a prime.
_SECONDS = "(CAST(i AS BIGINT) * 7919 % {count}) * 10"
_MOMENT = (
    f"TIMESTAMPTZ '2026-06-01' + ({_SECONDS}) * INTERVAL '1 second'"
    if _IS_POSTGRESQL
    else f"datetime('2026-06-01', '+' || ({_SECONDS}) || ' seconds')"
)
_NUMBERS = (
    "WITH RECURSIVE n (i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
)
# A name of three plain characters is its own key.
_BORN = f"'{encrypt('1985-06-15')}'"
_NAME = " || ".join(
    f"SUBSTR('{SURNAMES}', 1 + i / {step} % {len(SURNAMES)}, 1)"
    for step in (1, len(SURNAMES), len(SURNAMES) ** 2)
)
_STATUS = (
    "CASE WHEN i % 10 < 2 THEN 'ACCEPTED' WHEN i % 10 = 2 THEN 'NEEDS_AMENDMENT' "
    "ELSE 'REJECTED' END"
)
# Name and statement of each index that no constraint needs.
_INDEXES = """
SELECT shown.indexname, shown.indexdef FROM pg_indexes shown
JOIN pg_class index ON index.relname = shown.indexname
WHERE shown.schemaname = 'public' AND shown.tablename = ANY(%s)
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = index.oid)
"""
TABLES = {
    "people_user": (
        "id, password, is_superuser, employee_number, is_active, is_staff, theme, edition, "
        "created_at",
        "i, '', FALSE, 'B' || i, TRUE, FALSE, '', '', " + _MOMENT,
    ),
    "people_holder": (
        "id, reference, user_id, name, name_key, id_type, id_number, id_number_index, "
        "id_tail_index, birth_date, sex, ethnicity, nationality, phone, address, occupation, "
        "department, has_card_elsewhere, reference_photo, former_phone",
        f"i, 'H' || i, i, {_NAME}, {_NAME}, '1', '', 'I' || i, tail, {_BORN}, '1', '01', "
        "'CHN', '', '', '', '第 ' || (i / 7 % 300) || ' 学院', FALSE, '', ''",
    ),
    "cards_cardrequest": (
        "id, reference, holder_id, applicant_id, kind, city_id, bank_id, status, status_since, "
        "replacement_reason, carrier, tracking_number, rule_id",
        "i, SUBSTR(CAST(10000000000000000 + i AS TEXT), 2), i, i, 'FIRST', "
        f"{{city}}, {{bank}}, {_STATUS}, {_MOMENT}, '', '', '', {{rule}}",
    ),
    "requests_particulars": (
        "card_request_id, name, name_key, id_type, id_number, sex, birth_date, nationality, "
        "ethnicity, phone, address, occupation, household_type, guardian_id, guardian_relation, "
        "portrait_source, portrait, portrait_crop, portrait_findings, typed, extra, edited",
        f"i, {_NAME}, {_NAME}, '1', '', '1', {_BORN}, 'CHN', '01', '', '', '', '', "
        "CASE WHEN i % 20 = 0 THEN i END, CASE WHEN i % 20 = 0 THEN '1' ELSE '' END, '', '', "
        "'{{}}', '[]', '', '', '{{}}'",
    ),
    "events_event": (
        "holder_id, subject_kind, subject_id, reference, action, from_status, to_status, at, role, "
        "channel, reason, facts",
        "i, 'request', i, '', CASE WHEN i % 50 = 0 THEN 'AMEND' ELSE 'ACCEPT' END, 'PAID', "
        f"'ACCEPTED', {_MOMENT}, 'WORKER', 'WORKER', '', '{{{{}}}}'",
    ),
}


def fill(count, tables=TABLES):
    """`count` people with a request each, a fifth of them waiting; `tables` as in `TABLES`.

    Their keys follow those of the people and requests that are there.
    """
    call_command("load_regions", verbosity=0)
    rules, banks = places()
    first = 1 + max(_last_key(model) for model in (User, Holder, CardRequest))
    numbers = _NUMBERS.format(first=first, last=first + count - 1)
    chosen = {
        "count": count,
        "city": _one_of(rules, f"i / 3 % {CITIES}"),
        "rule": f"CAST({_one_of(rules.values(), f'i / 3 % {CITIES}')} AS BIGINT)",
        "bank": _one_of(banks, f"i / {3 * CITIES} % {BANKS}"),
    }
    with connection.cursor() as cursor, _indexes_made_last(cursor, tables):
        # Checking each foreign key would take longer than all the rest.
        cursor.execute(
            "SET session_replication_role = replica"
            if _IS_POSTGRESQL
            else "PRAGMA foreign_keys = OFF"
        )
        if not _IS_POSTGRESQL:
            cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("CREATE TEMPORARY TABLE tails (number INTEGER PRIMARY KEY, tail TEXT)")
        cursor.executemany(
            "INSERT INTO tails VALUES (%s, %s)",
            [(number, blind_index(f"{number:04d}")) for number in range(10_000)],
        )
        for table, (columns, values) in tables.items():
            source = "n JOIN tails ON number = i * 31 % 10000" if "tail" in values else "n"
            others = _defaults(table, columns)
            columns, values = f"{columns}{', '.join(['', *others])}", values.format(**chosen)
            values += ", ".join(["", *others.values()])
            cursor.execute(
                f"INSERT INTO {table} ({columns}) {numbers}"  # noqa: S608
                f"SELECT {values} FROM {source}"
            )
        if not _IS_POSTGRESQL:
            cursor.execute("ANALYZE")
        else:
            cursor.execute("SET session_replication_role = DEFAULT")
        # The keys that were written are not given once more.
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


@contextmanager
def _indexes_made_last(cursor, tables):
    """Without the indexes of `tables` meanwhile: made at once, each is sorted instead of searched.

    Those that belong to a constraint stay. On SQLite all do: nothing is gained there.
    """
    if not _IS_POSTGRESQL:
        yield
        return
    cursor.execute("SET synchronous_commit = off")
    cursor.execute("SET maintenance_work_mem = '512MB'")
    cursor.execute(_INDEXES, [list(tables)])
    indexes = dict(cursor.fetchall())
    for name in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for statement in indexes.values():
        cursor.execute(statement)
    cursor.execute("ANALYZE")


def make_reviewer():
    user = User.objects.create(employee_number="REVIEWER", id=10_000_000, is_staff=True)
    user.groups.add(Group.objects.get(name=roles.REVIEWER))
    return user


def places():
    """({city: its rule} for sixteen cities, four banks), of those that the portal knows."""
    rules = CityRule.objects.filter(city__province="370000").order_by("city_id", "valid_from")
    cities = list({rule.city_id: rule.pk for rule in rules}.items())[:CITIES]
    return dict(cities), list(Bank.objects.order_by("pk").values_list("pk", flat=True)[:BANKS])


def _defaults(table, columns):
    """{column: SQL of its default} for the columns of `table` that must be there and are not named.

    So a new column does not stop the benchmark.
    """
    (model,) = (model for model in apps.get_models() if model._meta.db_table == table)
    return {
        field.column: _literal(field.get_default())
        for field in model._meta.concrete_fields
        if not (field.null or field.primary_key or field.generated or field.has_db_default())
        and field.column not in columns.split(", ")
    }


def _literal(value):
    if isinstance(value, bool | int):
        return str(value).upper()
    text = value if isinstance(value, str) else json.dumps(value)
    return "'{}'".format(text.replace("'", "''"))


def _last_key(model):
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0


def _one_of(values, turn):
    """SQL: the value whose place is `turn`, an expression over i."""
    lines = " ".join(f"WHEN {place} THEN '{value}'" for place, value in enumerate(values))
    return f"CASE {turn} {lines} END"
