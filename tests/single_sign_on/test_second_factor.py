"""Who enters the desk through the university's door still shows a second factor of the portal."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user
from django.urls import reverse

from tests.factories.people import make_reviewer
from tests.single_sign_on.test_cas import back, begin

pytestmark = pytest.mark.django_db
DESK = reverse("admin:index")


@pytest.fixture
def reviewer(settings):
    settings.SECOND_FACTOR_FOR_STAFF = True
    settings.SECOND_FACTOR_GRACE = settings.PASSWORD_WAIT * 0
    return make_reviewer()


def sign_in(client, cas, user, **attributes):
    attributes |= {"employeeNumber": user.employee_number}
    service = begin(client, next=DESK)
    return back(client, service, cas.issue(service, "li4", attributes.items()))


def test_who_has_one_is_asked_for_it(client, cas, reviewer):
    TOTP.activate(reviewer, generate_totp_secret())
    assert sign_in(client, cas, reviewer)["Location"] == reverse("mfa_authenticate")
    assert not get_user(client).is_authenticated


def test_who_has_none_is_led_to_add_one(client, cas, reviewer):
    assert sign_in(client, cas, reviewer)["Location"] == DESK
    assert client.get(DESK)["Location"] == reverse("mfa_index")


@pytest.mark.parametrize("has_own", [True, False])
def test_that_of_the_university_is_trusted_only_by_a_setting(
    client, cas, reviewer, settings, has_own
):
    if has_own:
        TOTP.activate(reviewer, generate_totp_secret())
    told = {"authnMethod": "mfa-gauth"}
    sign_in(client, cas, reviewer, **told)
    assert client.get(DESK).status_code == 302  # off unless set
    browser = type(client)()
    settings.SINGLE_SIGN_ON_FACTOR = "authnMethod=mfa-gauth|mfa-webauthn"
    assert sign_in(browser, cas, reviewer, **told)["Location"] == DESK
    assert browser.get(DESK).status_code == 200
    # The password alone, at the university too.
    browser = type(client)()
    sign_in(browser, cas, reviewer, authnMethod="password")
    assert browser.get(DESK).status_code == 302
