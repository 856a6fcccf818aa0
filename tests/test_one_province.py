"""No query of a person's page asks across persons: each one could be answered by one province.

A cluster for each province holds the rows of its people (docs/scaling.md). So every SELECT that
reads a table of persons' rows names a key of the person whose page it is, or of a row of theirs,
or hangs on one that does; the tables in `EVERYWHERE` are the same in every province.
"""

import re
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from apps.people.models import Holder, User
from tests.test_every_url import owner_of
from tests.test_strangers import PERSONAL, address
from tests.whole_world import make_whole_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent")]

# Reference tables, and what belongs to nobody.
EVERYWHERE = re.compile(
    r"regions_|auth_|django_(content_type|site|migrations)$|people_consenttext$"
    r"|requests_stageduration$|notices_messagewording$|socialaccount_socialapp$|sqlite_"
)
# What is found by a secret that the browser holds, on the cluster of its person.
BY_SECRET = {"session_key"}
TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"(?: ("?\w+"?))?')
CONDITION = re.compile(
    r'("?\w+"?)\."(\w+)" (?:=|IN) \(?((?:(?:\'[^\']*\'|\d+)(?:::\w+)?(?:, )?)+)\)?'
)
LITERAL = re.compile(r"'([^']*)'|(\d+)")
# On PostgreSQL many keys are one value (`apps.queries.arrays`).
ARRAY = re.compile(r"= ANY\(CAST\('\{([^}]*)\}' AS \w+\[\]\)\)")
NESTED = re.compile(r"\(\s*(SELECT [^()]*(?:\((?!\s*SELECT)[^()]*\)[^()]*)*)\)")
KEYWORDS = {"ON", "WHERE", "INNER", "LEFT", "ORDER", "GROUP", "LIMIT", "FOR", "UNION", "CROSS"}
# Names of persons and rows in columns that are no foreign keys.
LOOSE = {"holder_id": Holder, "by_id": User}


@dataclass
class Family:
    """The keys of the rows that belong to a person, their account and their children."""

    keys: dict[type, set] = field(default_factory=dict)

    @classmethod
    def of(cls, user):
        holders = Holder.objects.filter(user=user)
        wards = Holder.objects.filter(guardians__guardian__in=holders)
        keys = {User: {user.pk}, Holder: {*holders, *wards} and {h.pk for h in [*holders, *wards]}}
        family = cls(keys)
        for _ in range(3):  # a row of a row of a row of theirs
            family._grow()
        return family

    def _grow(self):
        for model in apps.get_models():
            if EVERYWHERE.match(model._meta.db_table) or model in (User, Holder):
                continue
            found = models.Q(pk__in=())
            for each in model._meta.concrete_fields:
                target = each.remote_field and each.remote_field.model
                target = target or LOOSE.get(each.column)
                if target in self.keys:
                    found |= models.Q(**{f"{each.name}__in": self.keys[target]})
            self.keys[model] = set(model._base_manager.filter(found).values_list("pk", flat=True))

    def has(self, table, column, values):
        """Whether `values` of the column are keys of rows of theirs."""
        model = MODELS.get(table)
        if column in BY_SECRET:
            return True
        if model is None:
            return False
        by_column = {each.column: each for each in model._meta.concrete_fields}
        found = by_column.get(column)
        if found is None:
            return False
        if found.primary_key and not found.remote_field:
            return values <= {str(key) for key in self.keys.get(model, ())}
        if found.remote_field:
            return values <= {str(key) for key in self.keys.get(found.remote_field.model, ())}
        if column in LOOSE:
            return values <= {str(key) for key in self.keys[LOOSE[column]]}
        if column == "subject_id":
            return values <= {str(key) for keys in self.keys.values() for key in keys}
        if found.unique or (found.name,) in unique_of(model):
            rows = model._base_manager.filter(**{f"{found.name}__in": values})
            return {row.pk for row in rows} <= self.keys.get(model, set())
        return False


def unique_of(model):
    """The names of the columns that a constraint of the whole table keeps unique."""
    return {tuple(one.fields) for one in model._meta.total_unique_constraints}


MODELS = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def across(sql, family):
    """The first part of the SELECT `sql` that no key of the `family` holds; None if there is none.

    Parts in brackets are looked at from the inside; §§ stands for one that is held.
    """
    sql = ARRAY.sub(lambda found: f"IN ({listed(found[1])})", sql)
    while nested := NESTED.search(sql):
        inner = nested.group(1)
        if not is_held(inner, family):
            return inner
        hangs = not names_a_key(inner, family) and reads_persons(inner)
        sql = sql[: nested.start()] + ("(¤)" if hangs else "(§§)") + sql[nested.end() :]
    return None if is_held(sql, family) else sql


def listed(array):
    """The values of an array of PostgreSQL as a list of literals."""
    return array.replace('"', "'").replace(",", ", ")


def is_held(block, family):
    """A part reads no persons, names a key, or hangs on the part around it."""
    return all(
        not reads_persons(part) or names_a_key(part, family) or hangs_on_another(part)
        for part in block.split(" UNION ")
    )


def tables_of(block):
    found = {}
    for table, alias in TABLE.findall(block):
        alias = alias.strip('"')
        found[table if not alias or alias in KEYWORDS else alias] = table
    return found


def reads_persons(block):
    return any(not EVERYWHERE.match(table) for table in tables_of(block).values())


def names_a_key(block, family):
    tables = tables_of(block)
    for alias, column, values in CONDITION.findall(block):
        literals = {text or number for text, number in LITERAL.findall(values)}
        if family.has(tables.get(alias.strip('"'), ""), column, literals):
            return True
    return bool(re.search(r'"\w+" IN \(§§\)', block)) or asks_for_nothing(block, tables)


def asks_for_nothing(block, tables):
    """A key that every row has is asked to be empty: somebody without an account."""
    for alias, column in re.findall(r'("?\w+"?)\."(\w+)" IS NULL', block):
        model = MODELS.get(tables.get(alias.strip('"'), ""))
        fields = {each.column: each for each in model._meta.concrete_fields} if model else {}
        if column in fields and not fields[column].null:
            return "LEFT OUTER" not in block
    return False


def hangs_on_another(block):
    tables = tables_of(block)
    others = re.findall(r'= \(?("?\w+"?)\."\w+"\)?', block)
    return any(alias.strip('"') not in tables for alias in others)


@pytest.fixture(scope="module")
def world(prepared):
    yield from prepared(make_whole_world)


def pages(world):
    for name, args in PERSONAL:
        if not name.startswith("admin:") and (url := address(name, args, world)) is not None:
            yield name, url, owner_of(world, name, args)


@pytest.mark.slow
def test_every_query_of_a_persons_pages_names_that_person(client, world):
    found, looked_at, families = [], 0, {}
    for name, url, user in pages(world):
        if user.pk not in families:
            families[user.pk] = Family.of(user)
        client.force_login(user)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        if response.status_code != 200:
            continue
        looked_at += 1
        for query in captured.captured_queries:
            sql = query["sql"]
            if sql.startswith("SELECT") and (part := across(sql, families[user.pk])):
                found.append(f"{name}: {part}")
    assert "\n".join(found) == ""
    assert looked_at > 40


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT COUNT(*) FROM "cards_card"',
        'SELECT "cards_card"."id" FROM "cards_card" WHERE "cards_card"."holder_id" = 0',
        'SELECT 1 FROM "cards_card" WHERE "cards_card"."status" = \'ACTIVE\'',
        'SELECT 1 FROM "cards_card" WHERE EXISTS(SELECT 1 FROM "people_holder" U0 '
        'WHERE U0."id" = ("cards_card"."holder_id"))',
        'SELECT 1 FROM "regions_city" WHERE EXISTS(SELECT 1 FROM "cards_card" U0 '
        "WHERE U0.\"status\" = 'ACTIVE')",
    ],
)
def test_a_query_across_persons_is_found(world, sql):
    assert across(sql, Family.of(world.owner.user))
