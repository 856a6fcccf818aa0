"""A prepared query finds what its queryset would, and its SQL is written once."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, connections, transaction
from django.db.models import DateTimeField, Exists, OuterRef
from django.utils import timezone

from apps.people.models import Holder, User
from apps.queries.plans import plan_as_usual, plan_by_keys, planned_by_values
from apps.queries.prepared import PreparedQuery
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db


class Made:
    """A `make` that counts its calls."""

    def __init__(self):
        self.calls = 0

    def __call__(self, persons, since):
        self.calls += 1
        recent = User.objects.filter(pk=OuterRef("user_id"), created_at__gt=since)
        found = Holder.objects.filter(persons.holds("pk")).select_related("user")
        return found.annotate(is_recent=Exists(recent))


@pytest.fixture
def made():
    return Made()


@pytest.fixture
def query(made):
    return PreparedQuery(made, persons=Holder, since=DateTimeField())


def test_other_values_find_other_rows_with_all_that_the_queryset_selects(
    query, made, django_assert_num_queries
):
    first, second, third = make_holder(), make_holder(), make_holder()
    long_ago, now = timezone.now() - timedelta(days=900), timezone.now() + timedelta(days=1)

    pair = query.read(persons=[first.pk, second.pk], since=long_ago)
    assert sorted(pair, key=lambda row: row.pk) == [first, second]
    assert {row.is_recent for row in pair} == {True}
    with django_assert_num_queries(1):
        again = query.read(persons=[second.pk, third.pk], since=now)
        assert {row.user.employee_number for row in again} == {
            second.user.employee_number,
            third.user.employee_number,
        }
    assert {row.name for row in again} == {second.name, third.name}
    assert {row.is_recent for row in again} == {False}
    assert made.calls == 1


def test_it_counts_without_reading_and_an_empty_list_holds_nothing(
    query, django_assert_num_queries
):
    first, second = make_holder(), make_holder()
    now = timezone.now()
    with django_assert_num_queries(1):
        assert query.count(persons=[first.pk, second.pk], since=now) == 2
    without = PreparedQuery(lambda keys: Holder.objects.exclude(keys.holds("pk")), keys=Holder)
    assert set(without.read(keys=[first.pk])) == set(Holder.objects.exclude(pk=first.pk))
    assert without.count(keys=[]) == Holder.objects.count()
    assert (query.read(persons=[], since=now), query.count(persons=[], since=now)) == ([], 0)


def test_a_column_that_is_there_only_to_sort_by_is_refused():
    query = PreparedQuery(
        lambda: Holder.objects.order_by("pk").values_list("department", flat=True).distinct()
    )
    with pytest.raises(TypeError, match="columns"):
        query.read()


def test_a_list_of_another_length_is_another_query(query, made):
    people = [make_holder() for _ in range(3)]
    since = timezone.now()
    for number in (0, 1, 2, 3, 2, 1, 0):
        found = query.read(persons=[one.pk for one in people[:number]], since=since)
        assert sorted(row.pk for row in found) == [one.pk for one in people[:number]]
    assert made.calls == 4


def test_first_is_a_row_or_none(query):
    holder = make_holder()
    assert query.first(persons=[holder.pk], since=timezone.now()) == holder
    assert query.first(persons=[holder.pk + 1], since=timezone.now()) is None


@pytest.mark.django_db(transaction=True)
def test_each_thread_reads_by_its_own_connection(query, made):
    holder = make_holder()
    found = []

    def read():
        found.append(query.first(persons=[holder.pk], since=timezone.now()))
        connections.close_all()

    for _ in range(2):
        thread = Thread(target=read)
        thread.start()
        thread.join()
    assert found == [holder, holder]
    assert made.calls == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_list_can_be_planned_by_its_values_and_nothing_else_is():
    def mode():
        with connection.cursor() as cursor:
            cursor.execute("SHOW plan_cache_mode")
            return cursor.fetchone()[0]

    assert mode() == "auto"
    with planned_by_values():
        assert mode() == "force_custom_plan"
    assert mode() == "auto"


@pytest.mark.postgres
def test_a_set_of_keys_does_not_read_the_whole_table():
    found = list(range(0, 50_000, 25))

    def plan():
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN SELECT text FROM UNNEST(CAST(%s AS bigint[])) AS own (id) "
                "JOIN many ON many.id = own.id",
                [found],
            )
            return "\n".join(line for (line,) in cursor.fetchall())

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE many ON COMMIT DROP AS "
            "SELECT CAST(id AS bigint), REPEAT('x', 100) AS text FROM GENERATE_SERIES(1, 50000) id"
        )
        cursor.execute("CREATE UNIQUE INDEX many_by_key ON many (id)")
        cursor.execute("ANALYZE many")
    assert "Seq Scan on many" in plan()
    with transaction.atomic():
        plan_by_keys()
        assert "Index Scan using many_by_key" in plan()
        plan_as_usual()
        assert "Index Scan using many_by_key" in plan()
        transaction.set_rollback(True)
    assert "Seq Scan on many" in plan()


def test_a_value_that_never_changes_is_written_down_as_it_is():
    named = [make_holder(department=name) for name in ("50% of O'Neil's \\ %s", "elsewhere")]
    query = PreparedQuery(
        lambda person: Holder.objects.filter(pk=person, department=named[0].department),
        person=Holder,
    )
    assert [query.read(person=holder.pk) for holder in named] == [[named[0]], []]
