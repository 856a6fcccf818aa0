"""Fixtures of the desk: a reviewer, and a browser in which the reviewer is signed in."""

import pytest

from tests.factories.people import make_reviewer


@pytest.fixture
def reviewer(db):
    return make_reviewer()


@pytest.fixture
def desk(client, reviewer):
    """A browser in which the reviewer is signed in."""
    client.force_login(reviewer)
    return client
