"""Several uploads of one person at once."""

import pytest
from django.db import connection

from apps.limits.enums import UploadKind
from apps.limits.models import CountedUpload
from apps.limits.services import count_upload
from tests.contests import at_once
from tests.factories.cards import AT
from tests.factories.people import make_holder

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_no_more_uploads_are_taken_than_are_allowed(settings):
    settings.UPLOADS_AN_HOUR = dict.fromkeys(UploadKind, 2)
    user = make_holder().user
    connection.close()
    refusals = at_once(*[lambda: count_upload(kind=UploadKind.PICTURE, by=user, at=AT)] * 6)
    assert len(refusals) >= 4
    assert CountedUpload.objects.count() == 6 - len(refusals)
