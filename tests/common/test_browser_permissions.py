"""The camera is allowed where it is used, everything else nowhere, and no other site loads us."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.verification import services
from apps.verification.enums import Purpose
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db


def test_a_page_may_not_use_the_camera(client):
    answer = client.get(reverse("account_login"))
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_page_that_checks_somebody_may(client):
    holder = make_holder()
    check = services.begin(
        holder=holder,
        by=holder.user,
        purpose=Purpose.APPLY,
        card_request=None,
        next_url="/",
        at=timezone.now(),
    )
    client.force_login(holder.user)
    answer = client.get(reverse("verification:start", args=[check.reference]))
    assert "camera=(self)" in answer["Permissions-Policy"]
    assert "microphone=()" in answer["Permissions-Policy"]
