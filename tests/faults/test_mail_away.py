"""The mail server is silent, busy, cut off half-way or refuses: the message waits, others go on."""

import time
from contextlib import contextmanager
from datetime import timedelta

import pytest

from apps.cards.enums import RequestStatus
from apps.events.messages import MAIL, PORTAL
from apps.notices import services
from apps.notices.enums import MessageWay, NoticeStatus
from apps.notices.models import Notice
from tests.factories.cards import AT, make_request
from tests.faults.partner import listening
from tests.processes import free_port
from tests.soundness import assert_sound

pytestmark = pytest.mark.django_db
PATIENCE = 0.5  # seconds; of a deployment settings.EMAIL_TIMEOUT
HOUR = timedelta(hours=1)


def silent(connection):
    """Takes the call and says nothing, not even that it is there."""
    time.sleep(PATIENCE * 4)


def busy(connection):
    connection.sendall(b"421 4.3.2 try again later\r\n")


def half(connection):
    """Begins its greeting, and hangs up."""
    connection.sendall(b"220 mail.exa")


def refuses(connection):
    """Speaks as it should, and takes mail for nobody."""
    _talk(connection, {b"RCPT": b"550 5.1.1 no such user"})


def stops_before_it_has_it(connection):
    """Takes the whole mail, and hangs up before it says so."""
    _talk(connection, {}, says_taken=False)


def works(connection):
    _talk(connection, {})


def _talk(connection, answers, *, says_taken=True):
    lines = connection.makefile("rb")
    connection.sendall(b"220 mail.example\r\n")
    for line in lines:
        verb = line[:4].upper()
        if verb == b"DATA":
            connection.sendall(b"354 go on\r\n")
            while lines.readline() not in (b".\r\n", b""):
                pass
            if not says_taken:
                return
        if verb == b"QUIT":
            return
        connection.sendall(answers.get(verb, b"250 ok") + b"\r\n")


@contextmanager
def mail_server(settings, behave):
    """A server of the settings that treats every connection by `behave`."""
    with listening(behave) as (settings.EMAIL_HOST, settings.EMAIL_PORT):
        yield


@pytest.fixture
def message(settings):
    """One message that is due, to be sent by mail and shown in the portal."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = PATIENCE
    settings.MAIL_ADDRESS = "{number}@sbk.test"
    card_request = make_request(RequestStatus.ACCEPTED, at=AT)
    services.choose_way(user=card_request.applicant, way=MessageWay.MAIL, at=AT)
    services.collect(at=AT + HOUR, limit=100)
    return Notice.objects.get(channel=MAIL)


def send(at):
    began = time.monotonic()
    services.send_due(at=at, limit=100)
    return time.monotonic() - began


@pytest.mark.parametrize(
    "behave",
    [silent, busy, half, refuses, stops_before_it_has_it],
    ids=lambda behave: behave.__name__,
)
def test_the_message_waits_for_the_mail_server_and_others_do_not(settings, message, behave):
    with mail_server(settings, behave):
        assert send(AT + HOUR) < PATIENCE * 10
    message.refresh_from_db()
    assert message.status == NoticeStatus.WAITING
    assert message.next_try_at > AT + HOUR
    assert message.last_error.startswith("mail: ")
    assert Notice.objects.get(channel=PORTAL).status == NoticeStatus.SENT
    with mail_server(settings, works):
        send(message.next_try_at)
    message.refresh_from_db()
    assert message.status == NoticeStatus.SENT
    assert_sound()


def test_a_mail_server_that_is_not_there_is_tried_again(settings, message):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    send(AT + HOUR)
    message.refresh_from_db()
    assert (message.status, message.last_error) == (
        NoticeStatus.WAITING,
        "mail: ConnectionRefusedError",
    )
