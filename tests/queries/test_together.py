"""Prepared queries that are read together find what each would find alone, with one statement."""

from datetime import timedelta

import pytest
from django.db.models import CharField, Count, DateTimeField, Value
from django.utils import timezone

from apps.people.models import Holder, User
from apps.queries.prepared import PreparedQuery
from apps.queries.together import read_together
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db

PERSONS = PreparedQuery(
    lambda since: (
        Holder.objects.filter(user__created_at__gt=since).select_related("user").order_by("-pk")
    ),
    since=DateTimeField(),
)
SOME = PreparedQuery(lambda keys: Holder.objects.filter(keys.holds("pk")), keys=Holder)


def _by_kind(number):
    staff = User.objects.filter(employee_number=number).order_by()
    first, *others = (
        rows.annotate(kind=Value(kind)).values("kind").annotate(many=Count("pk"))
        for kind, rows in (("one", staff), ("others", User.objects.order_by().exclude(pk=0)))
    )
    return first.union(*others, all=True).values_list("kind", "many")


BY_KIND = PreparedQuery(_by_kind, number=CharField())


def test_all_of_them_are_one_statement(django_assert_num_queries):
    mine, other = make_holder(), make_holder()
    long_ago = timezone.now() - timedelta(days=900)
    alone = (
        PERSONS.read(since=long_ago),
        PERSONS.count(since=long_ago),
        SOME.read(keys=[other.pk]),
        sorted(BY_KIND.read(number=mine.user.employee_number)),
    )
    assert alone[:3] == ([other, mine], 2, [other])
    asked = (
        PERSONS.asks(since=long_ago),
        PERSONS.asks_count(since=long_ago),
        SOME.asks(keys=[other.pk]),
        SOME.asks(keys=[]),
        BY_KIND.asks(number=mine.user.employee_number),
        None,
    )
    with django_assert_num_queries(1), read_together(*asked):
        together = (
            PERSONS.read(since=long_ago),
            PERSONS.count(since=long_ago),
            SOME.read(keys=[other.pk]),
            sorted(BY_KIND.read(number=mine.user.employee_number)),
        )
        assert SOME.read(keys=[]) == []
    assert together == alone
    for found, as_alone in zip(together[0], alone[0], strict=True):
        assert found.user == as_alone.user
        assert (found.name, found.birth_date) == (as_alone.name, as_alone.birth_date)
        assert found.user.created_at == as_alone.user.created_at


def test_what_was_read_is_used_once_for_the_same_values_and_inside_only(django_assert_num_queries):
    mine, other = make_holder(), make_holder()
    asked = SOME.asks(keys=[mine.pk]), SOME.asks_count(keys=[other.pk])
    with django_assert_num_queries(4):
        with read_together(*asked):
            assert SOME.read(keys=[other.pk]) == [other]  # was counted, and not read
            assert SOME.read(keys=[mine.pk]) == [mine]
            assert SOME.read(keys=[mine.pk]) == [mine]
            assert SOME.count(keys=[other.pk]) == 1
        assert SOME.count(keys=[other.pk]) == 1


def test_an_inner_one_adds_to_the_outer_one(django_assert_num_queries):
    mine, other = make_holder(), make_holder()
    outer = SOME.asks(keys=[mine.pk]), SOME.asks_count(keys=[mine.pk])
    inner = SOME.asks(keys=[other.pk]), SOME.asks_count(keys=[other.pk])
    with django_assert_num_queries(2), read_together(*outer):
        with read_together(*inner):
            assert SOME.read(keys=[mine.pk]) == [mine]
            assert SOME.read(keys=[other.pk]) == [other]
        assert SOME.count(keys=[mine.pk]) == 1


def test_a_single_one_is_left_to_its_reader(django_assert_num_queries):
    mine = make_holder()
    with django_assert_num_queries(0), read_together(SOME.asks(keys=[mine.pk]), None):
        pass
