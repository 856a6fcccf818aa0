"""An identity check by the code of an authenticator app."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse
from django.utils import timezone

from apps.verification import services
from apps.verification.enums import CheckOutcome, Purpose
from tests.account.test_second_factor import code_of
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


@pytest.fixture
def check():
    holder = make_holder()
    return services.begin(
        holder=holder,
        by=holder.user,
        purpose=Purpose.ACTIVATE,
        card_request=None,
        next_url=reverse("home:home"),
        at=timezone.now(),
    )


def page_of(check):
    return reverse("verification:start", args=[check.reference])


def test_it_is_offered_to_those_who_have_one(client, check):
    client.force_login(check.by)
    assert "验证器" not in client.get(page_of(check)).content.decode()
    TOTP.activate(check.by, SECRET)
    assert "?way=authenticator" in client.get(page_of(check)).content.decode()


def test_the_right_code_passes_once_and_a_wrong_one_stands_beside_the_field(client, check):
    TOTP.activate(check.by, SECRET)
    client.force_login(check.by)
    data = {"way": "authenticator", "code": "000000"}
    wrong = client.post(page_of(check), data)
    assert "验证码不对" in wrong.content.decode()
    check.refresh_from_db()
    assert check.outcome == CheckOutcome.PENDING

    answer = client.post(page_of(check), data | {"code": code_of(SECRET)})
    assert answer.status_code == 302
    check.refresh_from_db()
    assert (check.outcome, check.method) == (CheckOutcome.PASSED, "AUTHENTICATOR")
