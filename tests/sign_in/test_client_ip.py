"""Whose address it is: from the proxies that are ours, and a sign-in whichever way one comes."""

import pytest

from apps.sign_in.recording import client_ip
from tests.account.test_sign_in import is_signed_in, sign_in
from tests.factories.people import make_holder

NEAREST = "10.0.0.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", NEAREST),  # anybody can send the header
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7", "198.51.100.1"),
        (2, "203.0.113.7", "203.0.113.7"),  # past the outer proxy
        (2, "unknown, 203.0.113.7", "203.0.113.7"),
        (1, "unknown", NEAREST),
        (1, "", NEAREST),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8::7]:443", "2001:db8::7"),
        (1, "fe80::7%eth0", "fe80::7"),
        (1, "1" * 3000, NEAREST),
    ],
)
def test_the_address_is_that_before_the_proxies(rf, settings, proxies, forwarded, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR=NEAREST, headers={"X-Forwarded-For": forwarded})
    assert client_ip(request) == address


def test_without_any_address_it_is_none_of_anybody(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client_ip(rf.get("/", REMOTE_ADDR="")) == "0.0.0.0"  # noqa: S104


@pytest.mark.django_db
@pytest.mark.parametrize("forwarded", ["203.0.113.7", "unknown, 203.0.113.7", "x", ""])
def test_one_signs_in_by_fewer_proxies_too(client, settings, forwarded):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    client.defaults["HTTP_X_FORWARDED_FOR"] = forwarded
    sign_in(client, make_holder(phone="13900001234").user.employee_number)
    assert is_signed_in(client)
