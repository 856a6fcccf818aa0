"""What leaves for the error tracker: which error and where, nothing of a person."""

import subprocess
import sys
from importlib.util import find_spec

import pytest
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from apps.logs import error_tracker
from tests.factories.people import make_id_number

NUMBER = make_id_number()


def test_of_an_event_only_what_is_not_personal_is_kept():
    event = {
        "level": "error",
        "transaction": "/accounts/login/",
        "user": {"id": 7, "ip_address": "10.1.2.3"},
        "request": {
            "method": "POST",
            "url": "https://portal/accounts/welcome/token/",
            "query_string": "name=张三",
            "data": {"password": "geheim"},
            "cookies": {"sessionid": "geheim"},
            "headers": {"Authorization": "geheim"},
            "env": {"REMOTE_ADDR": "10.1.2.3"},
        },
        "breadcrumbs": {"values": [{"message": "geheim"}]},
        "extra": {"sys.argv": ["geheim"]},
        "contexts": {"device": "geheim"},
        "logentry": {"message": f"bad {NUMBER}", "params": ["geheim"], "formatted": "geheim"},
        "exception": {
            "values": [
                {
                    "type": "IntegrityError",
                    "value": f"duplicate {NUMBER}\nDETAIL: Key (name)=(geheim)",
                    "stacktrace": {"frames": [{"function": "save", "vars": {"name": "geheim"}}]},
                }
            ]
        },
    }
    with structlog.contextvars.bound_contextvars(request_id="0123456789abcdef"):
        kept = error_tracker.scrubbed(event)
    written = str(kept)
    for personal in ("geheim", "张三", "10.1.2.3", NUMBER, "token"):
        assert personal not in written
    assert kept["exception"]["values"][0]["type"] == "IntegrityError"
    assert kept["exception"]["values"][0]["stacktrace"]["frames"] == [{"function": "save"}]
    assert kept["request"] == {"method": "POST"}
    assert kept["tags"] == {"request_id": "0123456789abcdef"}


@pytest.mark.skipif(find_spec("sentry_sdk") is not None, reason="sentry-sdk is installed")
def test_a_tracker_without_its_library_is_refused_with_what_to_install():
    with pytest.raises(ImproperlyConfigured, match="requirements/tracker.txt"):
        error_tracker.start(dsn="http://key@127.0.0.1:9/1", release="1")


# In a process of its own: the library changes Django for good.
REPORTS = """
import django, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "sbk_portal.settings"
django.setup()
print("sentry_sdk" in sys.modules, "prometheus_client" in sys.modules, flush=True)
from django.test import Client, override_settings
from django.urls import path
import sentry_sdk
from sentry_sdk.transport import Transport
from apps.logs import error_tracker

class StandIn(Transport):
    def capture_envelope(self, envelope):
        sys.stdout.write(envelope.serialize().decode())

def broken(request):
    secret_in_a_variable = request.POST["password"]
    raise RuntimeError("broken\\nDETAIL: " + secret_in_a_variable)

urlpatterns = [path("broken/", broken)]
error_tracker.start(dsn="http://key@127.0.0.1:9/1", release="7", transport=StandIn)
with override_settings(ROOT_URLCONF="__main__"):
    of_somebody = {"authorization": "geheim"}
    client = Client(raise_request_exception=False, SERVER_NAME="localhost", headers=of_somebody)
    client.cookies["sessionid"] = "geheim"
    client.post("/broken/?name=geheim", {"password": "geheim"})
sentry_sdk.flush()
"""


@pytest.fixture(scope="module")
def ended():
    return subprocess.run(
        [sys.executable, "-c", REPORTS], cwd=settings.BASE_DIR, capture_output=True, text=True
    )


@pytest.mark.slow
@pytest.mark.skipif(find_spec("sentry_sdk") is None, reason="needs requirements/tracker.txt")
def test_an_error_of_a_page_reaches_the_tracker_scrubbed(ended):
    assert "RuntimeError" in ended.stdout, ended.stderr
    assert "geheim" not in ended.stdout
    assert "request_id" in ended.stdout


def test_nothing_is_imported_without_an_address(ended):
    assert ended.stdout.splitlines()[0] == "False False", ended.stderr
