"""The line of a request, its number on the page and in tasks, and what no line holds."""

import io
import json
import logging

import pytest
import structlog
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path
from kombu import Connection, Queue

from apps.desk import roles
from apps.logs.lines import formatter
from apps.logs.middleware import RequestLogMiddleware
from apps.requests.tasks import accept_paid_requests
from sbk_portal.celery import app
from tests.factories.people import make_colleague, make_holder, make_id_number

NUMBER = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def lines():
    """The lines that are written as JSON, as production does."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter("json"))
    root, access = logging.getLogger(), logging.getLogger("portal.requests")
    root.addHandler(handler)
    level, access.level = access.level, logging.INFO
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    access.setLevel(level)


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_route_and_nothing_of_the_visitor(client, lines):
    answer = client.get("/areas/?q=%E5%BC%A0%E4%B8%89", REMOTE_ADDR="10.9.8.7")
    (line,) = [line for line in lines() if line["logger"] == "portal.requests"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "areas/", 200)
    assert line["request_id"] == answer["X-Request-ID"]
    assert line.keys() == {
        *("event", "level", "logger", "timestamp", "request_id"),
        *("method", "route", "status", "ms"),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/operations/alarm/", "/nowhere/"])
def test_what_is_refused_is_noted_with_the_account_it_was_refused_to(client, lines, address):
    user = make_colleague(roles.REVIEWER)
    client.force_login(user)
    status = client.get(address).status_code
    (line,) = [line for line in lines() if line["logger"] == "portal.requests"]
    assert status in (403, 404)
    assert (line["status"], line["account"]) == (status, user.pk)
    assert user.employee_number not in json.dumps(line)


@pytest.mark.django_db
def test_what_is_answered_is_noted_without_an_account(client, lines):
    client.force_login(make_holder().user)
    assert client.get("/").status_code == 200
    (line,) = [line for line in lines() if line["logger"] == "portal.requests"]
    assert "account" not in line


@pytest.mark.django_db
def test_the_token_of_an_invitation_is_in_no_line(client, lines):
    client.get("/accounts/welcome/secret-token-of-somebody/")
    (line,) = [line for line in lines() if line["logger"] == "portal.requests"]
    assert "secret-token" not in json.dumps(line)


def test_probes_write_no_line(client, lines):
    client.get("/livez")
    assert lines() == []


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [(1, NUMBER, True), (0, NUMBER, False), (1, "x\ny" * 9, False), (1, "short", False)],
)
def test_a_number_is_taken_from_our_proxy_only(client, settings, proxies, given, is_taken):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    answer = client.get("/livez", headers={"x-request-id": given.replace("\n", " ")})
    assert (answer["X-Request-ID"] == given) == is_taken
    assert len(answer["X-Request-ID"]) >= 16


def broken(request):
    raise RuntimeError(f"broken for {make_id_number()}")


urlpatterns = [path("broken/", broken)]
handler500 = "apps.account.views.failed"


@pytest.mark.urls("tests.logs.test_middleware")
def test_the_page_of_an_error_shows_the_number_that_its_lines_carry(client, lines):
    client.raise_request_exception = False
    answer = client.get("/broken/")
    assert answer.status_code == 500
    number = answer["X-Request-ID"]
    assert f"问题编号 <strong>{number[:8]}</strong>" in answer.content.decode()
    traceback = next(line for line in lines() if "exception" in line)
    assert traceback["request_id"] == number
    assert "RuntimeError" in traceback["exception"]


def test_every_line_of_any_library_carries_the_number(lines):
    with structlog.contextvars.bound_contextvars(request_id=NUMBER):
        logging.getLogger("elsewhere").warning("so %s", "it is")
    (line,) = lines()
    assert (line["event"], line["request_id"]) == ("so it is", NUMBER)


def test_numbers_are_masked_in_lines_of_structlog_too(lines):
    number = make_id_number()
    structlog.get_logger("elsewhere").warning("a person", number=number, phone="13912345678")
    (line,) = lines()
    assert number not in json.dumps(line)
    assert line["phone"] == "139****5678"


def test_a_line_for_people_is_one_line():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter("line"))
    logger = logging.Logger("elsewhere")
    logger.addHandler(handler)
    logger.warning("so it is")
    assert stream.getvalue().count("\n") == 1
    assert "[warning" in stream.getvalue()


def test_a_task_gets_the_number_of_the_request_that_asks_for_it():
    """As far as the message: what a worker does with it is the library's."""
    with Connection("memory://") as connection:
        queue = Queue("lifecycle", routing_key="lifecycle").bind(connection.channel())
        queue.declare()

        def ask(request):
            accept_paid_requests.apply_async(connection=connection, queue=queue)
            return HttpResponse()

        request = RequestFactory().get("/")
        RequestLogMiddleware(ask)(request)
        message = queue.get()
    assert message.headers["__django_structlog__"] == {"request_id": request.number}


def test_a_worker_binds_what_a_message_brings():
    assert "django_structlog.celery.steps:DjangoStructLogInitStep" in app.steps["worker"]


def test_the_settings_write_json_in_production_and_lines_for_people_here():
    assert settings.LOGGING["formatters"]["lines"]["style"] == "line"
