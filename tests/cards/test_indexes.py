"""The tables that every move writes have no index that no query reads (decision 0148)."""

import pytest
from django.db import connection

from apps.bureau.models import BureauReport, ProductionOrder
from apps.cards.models import Card, CardRequest
from apps.notices.models import Notice

WRITTEN_BY_EVERY_MOVE = [Card, CardRequest, ProductionOrder, BureauReport, Notice]


@pytest.mark.django_db
@pytest.mark.parametrize("model", WRITTEN_BY_EVERY_MOVE)
def test_each_index_is_the_only_one_that_begins_so(model):
    """An index whose columns are the first ones of another serves no query of its own."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    partial = {
        one.name
        for one in [*model._meta.indexes, *model._meta.constraints]
        if getattr(one, "condition", None)
    }
    whole = {
        name: tuple(one["columns"])
        for name, one in found.items()
        if one["index"] or one["unique"]
        if name not in partial
    }
    assert len(whole) > 1
    for name, columns in whole.items():
        longer = [
            other
            for other, theirs in whole.items()
            if other != name and theirs[: len(columns)] == columns and None not in columns
        ]
        assert not longer, f"{name} repeats {longer}"


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "mode", "index"),
    [
        (CardRequest.objects.filter(old_card=1), "force_generic_plan", "request_of_old_card"),
        (CardRequest.objects.filter(old_card__in=[1, 2]), "auto", "request_of_old_card"),
        (CardRequest.objects.filter(tracking_number__in=["1", "2"]), "auto", "request_of_parcel"),
        (
            Card.objects.filter(replacement_requests__kind="REPLACEMENT", pk=1),
            "force_generic_plan",
            "request_of_old_card",
        ),
    ],
)
def test_what_few_requests_have_is_found_by_its_index(rows, mode, index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
        sql, parameters = rows.query.sql_with_params()
        for number in range(1, len(parameters) + 1):
            sql = sql.replace("%s", f"${number}", 1)
        cursor.execute(f"PREPARE asked AS {sql}")
        values = ", ".join(f"'{one}'" for one in parameters)
        cursor.execute(f"EXPLAIN EXECUTE asked ({values})")
        plan = [line for (line,) in cursor.fetchall()]
        cursor.execute("DEALLOCATE asked")
    assert any(index in line for line in plan), plan
