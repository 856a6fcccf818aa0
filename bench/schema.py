"""The tables of an empty portal, as a first start makes them."""

from django.core.management import call_command
from django.db import connection

from apps.operations import fresh_schema


def make_tables():
    """All tables and what migrations write, in the benchmark's database, unless they are there."""
    fresh_schema.make_tables(connection)
    call_command("migrate", verbosity=0)
