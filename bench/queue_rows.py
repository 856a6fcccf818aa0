"""The rows behind bench.queue, written by the database itself: one statement a table."""

from datetime import UTC, datetime

from django.contrib.auth.models import Group
from django.db import connection

from apps.common.fields import blind_index
from apps.desk import roles
from apps.people.models import User
from apps.regions.enums import Service
from apps.regions.models import Bank, City, CityRule, Province, ServiceOpening

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_IS_POSTGRESQL = connection.vendor == "postgresql"
# One every ten seconds, in another order than the keys; 7919 is a prime.
_SECONDS = "(CAST(i AS BIGINT) * 7919 % {count}) * 10"
_MOMENT = (
    f"TIMESTAMPTZ '2026-06-01' + ({_SECONDS}) * INTERVAL '1 second'"
    if _IS_POSTGRESQL
    else f"datetime('2026-06-01', '+' || ({_SECONDS}) || ' seconds')"
)
_NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
# A name of three plain characters is its own key.
_NAME = " || ".join(
    f"SUBSTR('{SURNAMES}', 1 + i / {step} % {len(SURNAMES)}, 1)"
    for step in (1, len(SURNAMES), len(SURNAMES) ** 2)
)
_STATUS = (
    "CASE WHEN i % 10 < 2 THEN 'ACCEPTED' WHEN i % 10 = 2 THEN 'NEEDS_AMENDMENT' "
    "ELSE 'REJECTED' END"
)
TABLES = {
    "people_user": (
        "id, password, is_superuser, employee_number, is_active, is_staff, created_at",
        "i, '', FALSE, 'B' || i, TRUE, FALSE, " + _MOMENT,
    ),
    "people_holder": (
        "id, reference, user_id, name, name_key, id_type, id_number, id_number_index, "
        "id_tail_index, birth_date, sex, ethnicity, nationality, phone, address, occupation, "
        "department, has_card_elsewhere, reference_photo, former_phone",
        f"i, 'H' || i, i, {_NAME}, {_NAME}, '1', '', 'I' || i, tail, '1985-06-15', '1', '01', "
        "'CHN', '', '', '', '第 ' || (i / 7 % 300) || ' 学院', FALSE, '', ''",
    ),
    "cards_cardrequest": (
        "id, reference, holder_id, applicant_id, kind, city_id, bank_id, status, status_since, "
        "replacement_reason, carrier, tracking_number, rule_id",
        "i, SUBSTR(CAST(10000000000000000 + i AS TEXT), 2), i, i, 'FIRST', "
        "'37' || SUBSTR(CAST(101 + i / 3 % 16 AS TEXT), 2) || '00', "
        f"CAST(95581 + i / 48 % 4 AS TEXT), {_STATUS}, {_MOMENT}, '', '', '', i / 3 % 16 + 1",
    ),
    "requests_particulars": (
        "card_request_id, name, name_key, id_type, id_number, sex, birth_date, nationality, "
        "ethnicity, phone, address, occupation, household_type, guardian_id, guardian_relation, "
        "portrait_source, portrait, portrait_crop, portrait_findings, typed, extra, edited",
        f"i, {_NAME}, {_NAME}, '1', '', '1', '1985-06-15', 'CHN', '01', '', '', '', '', "
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


def fill(count):
    """`count` people with a request each, a fifth of them waiting."""
    _regions()
    with connection.cursor() as cursor:
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
        for table, (columns, values) in TABLES.items():
            source = "n JOIN tails ON number = i * 31 % 10000" if "tail" in values else "n"
            statement = f"INSERT INTO {table} ({columns}) {_NUMBERS}SELECT {values} FROM {source}"  # noqa: S608
            cursor.execute(statement.format(count=count))
        cursor.execute("ANALYZE")
        if _IS_POSTGRESQL:
            cursor.execute("SET session_replication_role = DEFAULT")


def make_reviewer():
    user = User.objects.create(employee_number="REVIEWER", id=10_000_000, is_staff=True)
    user.groups.add(Group.objects.get(name=roles.REVIEWER))
    return user


def _regions():
    province = Province.objects.create(code="370000", name="山东省")
    for number in range(1, 17):
        city = City.objects.create(code=f"37{number:02d}00", name=f"{number} 市", province=province)
        CityRule.objects.create(id=number, city=city, valid_from="2020-01-01")
        ServiceOpening.objects.create(city=city, service=Service.APPLY, open_from="2021-12-01")
    for code in range(95581, 95585):
        Bank.objects.create(code=str(code), name=f"银行 {code}")
