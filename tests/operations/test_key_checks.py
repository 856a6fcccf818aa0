"""How old keys and passwords are, and when certificates end."""

from datetime import timedelta

import pytest

from apps.operations import keys, services
from apps.operations.enums import State
from tests.factories.cards import AT
from tests.operations.finding import found

pytestmark = pytest.mark.django_db


def test_the_age_of_a_key_counts_from_its_first_use(settings):
    services.note_keys(digests=keys.digests(), at=AT)
    assert found("keys", AT + timedelta(days=700)).state == State.OK
    late = AT + timedelta(days=800)
    assert found("keys", late).state == State.WARN
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "x" * 50
    services.note_keys(digests=keys.digests(), at=late)
    result = found("keys", late)
    assert any(line.startswith("SECRET_KEY") and "用了 0 天" in line for line in result.lines)
    assert not any(old in line or settings.SECRET_KEY in line for line in result.lines)


def test_a_password_to_database_redis_and_mail_ages_like_a_key(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "of the database")
    settings.REDIS_URL = "redis://:of%20redis@127.0.0.1:6379/0"
    settings.EMAIL_HOST_PASSWORD = "of the mail server"  # noqa: S105
    named = keys.digests()
    assert {"DATABASE_URL", "REDIS_URL", "EMAIL_HOST_PASSWORD"} <= named.keys()
    services.note_keys(digests=named, at=AT)
    settings.REDIS_URL = "redis://:another@127.0.0.1:6379/1"
    assert keys.digests()["REDIS_URL"] != named["REDIS_URL"]
    settings.REDIS_URL = "redis://:of%20redis@127.0.0.1:6379/1"
    assert keys.digests() == named
    settings.REDIS_URL = "redis://127.0.0.1:6379/0"
    assert "REDIS_URL" not in keys.digests()


@pytest.mark.parametrize(("days", "state"), [(60, State.OK), (20, State.WARN), (-1, State.BAD)])
def test_a_certificate_is_told_of_before_it_ends(settings, certificate, days, state):
    settings.SOME_CERT = certificate
    (ends_at,) = [ends_at for name, ends_at in keys.certificates() if name == "SOME_CERT"]
    result = found("certificates", ends_at - timedelta(days=days, minutes=-1))
    assert result.state == state


def test_a_certificate_that_is_not_there_is_told(settings):
    settings.SOME_CERT = "/nowhere/portal.crt"
    assert found("certificates").state == State.WARN
