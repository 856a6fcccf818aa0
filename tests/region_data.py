import pytest
from django.core.management import call_command


@pytest.fixture
def regions_loaded(db):
    """All fixture rows in the database (a fifth of a second): ask for it only to see the whole."""
    call_command("load_regions", verbosity=0)
