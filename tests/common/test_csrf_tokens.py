"""Tokens of forms: made by us, read by Django's middleware."""

from collections import Counter

import pytest
from django.middleware import csrf
from django.urls import reverse

from apps.common.csrf_tokens import get_token


@pytest.fixture
def asked(rf):
    return rf.get("/")


def test_django_reads_the_secret_in_each_token(asked):
    first, second = get_token(asked), get_token(asked)
    secret = asked.META["CSRF_COOKIE"]
    assert asked.META["CSRF_COOKIE_NEEDS_UPDATE"]
    assert first != second
    for token in (first, second):
        csrf._check_token_format(token)
        assert csrf._does_token_match(token, secret)
        assert csrf._unmask_cipher_token(token) == secret


def test_the_secret_of_the_browser_stays(asked):
    asked.META["CSRF_COOKIE"] = secret = "aZ09" * 8
    assert csrf._unmask_cipher_token(get_token(asked)) == secret


def test_the_characters_are_equally_likely(asked):
    drawn = Counter("".join(get_token(asked)[:32] for _ in range(2_000)))
    assert set(drawn) == set(csrf.CSRF_ALLOWED_CHARS)
    # 256 is no multiple of 62: bytes taken as they come would draw the first 8 in 40 of 256 cases.
    first = sum(drawn[character] for character in csrf.CSRF_ALLOWED_CHARS[:8])
    assert first / drawn.total() == pytest.approx(8 / 62, abs=0.008)


@pytest.mark.django_db
def test_a_form_with_the_token_of_its_page_is_taken_and_one_without_is_not(client):
    client.handler.enforce_csrf_checks = True
    page = client.get(reverse("account:look"))
    posted = {"theme": "dark", "csrfmiddlewaretoken": str(page.context["csrf_token"])}
    assert client.post(reverse("account:look"), posted).status_code == 302
    del posted["csrfmiddlewaretoken"]
    assert client.post(reverse("account:look"), posted).status_code == 403
