from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.people.tasks import clear_sessions
from tests.factories.people import make_holder


@pytest.mark.django_db
def test_sessions_that_are_over_are_deleted_and_no_others(client):
    client.force_login(make_holder().user)
    running = Session.objects.get()
    Session.objects.create(
        session_key="over", session_data="", expire_date=timezone.now() - timedelta(seconds=1)
    )
    clear_sessions()
    assert Session.objects.get() == running
