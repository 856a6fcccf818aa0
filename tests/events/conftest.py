import pytest
from django.db import connection

from apps.events import grants


@pytest.fixture
def application_role():
    """Run the test as a database role that owns nothing. Everything is rolled back afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS portal_application")
        cursor.execute("CREATE ROLE portal_application")
        for statement in grants.statements(role="portal_application"):
            cursor.execute(statement)
        cursor.execute("SET LOCAL ROLE portal_application")
