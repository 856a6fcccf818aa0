"""Fixtures of the desk: a reviewer, the reviewer's browser, and what cases are decided by."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.factories.cards import COMPLETE, ROSTER_PHOTO
from tests.factories.people import make_reviewer
from tests.journeys.steps import photo


@pytest.fixture
def reviewer(db):
    return make_reviewer()


@pytest.fixture
def desk(client, reviewer):
    """A browser in which the reviewer is signed in."""
    client.force_login(reviewer)
    return client


@pytest.fixture
def filed_portrait():
    """The picture that the factories name. It is not deleted, because an open page may load it."""
    for name in (COMPLETE["portrait"], ROSTER_PHOTO):
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(photo()))
