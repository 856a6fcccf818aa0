"""Heads go out of the house: to a file, by e-mail, and to a witness over a real socket."""

import base64
import smtplib
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail

from apps.seals import checkpoints, sending, tree
from apps.seals.models import HeadCopy, TreeHead
from tests.factories.cards import AT
from tests.seals.steps import add, seal

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def seal_one(at=AT):
    add(1)
    return seal(at)


def test_every_head_is_appended_to_the_file_once(settings, tmp_path):
    settings.SEAL_COPY_FILE = str(tmp_path / "heads.txt")
    sending.send_due(at=AT)
    assert not HeadCopy.objects.exists()
    heads = [seal_one(), seal_one(AT + MINUTE)]
    sending.send_due(at=AT + MINUTE)
    sending.send_due(at=AT + MINUTE)
    heads.append(seal_one(AT + MINUTE * 2))
    sending.send_due(at=AT + MINUTE * 2)
    text = (tmp_path / "heads.txt").read_text()
    assert checkpoints.split_notes(text) == [head.note for head in heads]


def test_a_file_that_cannot_be_written_is_tried_again_later(settings, tmp_path):
    settings.SEAL_COPY_FILE = str(tmp_path / "none" / "heads.txt")
    seal_one()
    sending.send_due(at=AT)
    copy = HeadCopy.objects.get()
    assert (copy.tries, copy.last_error) == (1, "file: No such file or directory")
    (tmp_path / "none").mkdir()
    sending.send_due(at=AT + MINUTE / 2)
    assert not (tmp_path / "none" / "heads.txt").exists()
    sending.send_due(at=AT + MINUTE)
    copy.refresh_from_db()
    assert (copy.tries, copy.last_error, copy.sent_number) == (0, "", 1)


def test_one_letter_a_day_holds_the_newest_head(settings):
    settings.SEAL_COPY_MAIL = ["audit@example.edu.cn"]
    seal_one()
    sending.send_due(at=AT)
    newest = seal_one(AT + MINUTE)
    sending.send_due(at=AT + MINUTE)
    assert len(mail.outbox) == 1
    sending.send_due(at=AT + settings.SEAL_MAIL_EVERY)
    first, second = mail.outbox
    assert first.to == ["audit@example.edu.cn"]
    assert checkpoints.split_notes(second.body) == [newest.note]


def test_a_mail_server_that_is_away_is_tried_again(settings, monkeypatch):
    settings.SEAL_COPY_MAIL = ["audit@example.edu.cn"]

    def fail(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(sending, "send_mail", fail)
    seal_one()
    sending.send_due(at=AT)
    assert HeadCopy.objects.get().last_error == "mail: SMTPServerDisconnected"


class Witness(HTTPServer):
    """A witness as C2SP describes it: it knows one tree, and cosigns only what continues it."""

    def __init__(self, key):
        super().__init__(("127.0.0.1", 0), Handler)
        self.key, self.size, self.root = key, 0, tree.EMPTY_ROOT
        self.statuses = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/add-checkpoint"

    def judge(self, body):
        """(status, content type, text)"""
        first, _, rest = body.partition("\n")
        proof, _, note = rest.partition("\n\n") if not rest.startswith("\n") else ("", "", rest[1:])
        head = checkpoints.opened(note, [self.key])
        old = int(first.removeprefix("old "))
        if old != self.size:
            return 409, "text/x.tlog.size", f"{self.size}\n"
        path = [base64.b64decode(line) for line in proof.split()]
        if not tree.is_consistent(old, head.size, self.root, head.root, path):
            return 422, "text/plain", ""
        self.size, self.root = head.size, head.root
        return 200, "text/plain", "— witness.example AAAA\n"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, kind, text = self.server.judge(body)
        self.server.statuses.append(status)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def witness(settings):
    server = Witness(checkpoints.own_key())
    settings.SEAL_WITNESSES = [server.address]
    yield server
    server.shutdown()
    server.server_close()


def test_a_witness_gets_each_head_with_the_proof_that_it_continues_the_last(witness):
    for number in range(4):
        add(number + 1)
        head = seal(AT + MINUTE * number)
        sending.send_due(at=AT + MINUTE * number)
    assert witness.statuses == [200] * 4
    assert (witness.size, witness.root) == (head.size, bytes(head.root))
    assert HeadCopy.objects.get().answer == "— witness.example AAAA\n"


def test_a_witness_that_knows_another_size_gets_the_proof_from_there(witness):
    for number in range(3):
        seal_one(AT + MINUTE * number)
    first = TreeHead.objects.get(number=1)
    witness.size, witness.root = first.size, bytes(first.root)
    sending.send_due(at=AT + MINUTE * 3)
    assert witness.statuses == [409, 200]
    assert HeadCopy.objects.get().sent_size == 3


def test_a_witness_does_not_sign_another_history(witness):
    seal_one()
    witness.size, witness.root = 1, b"x" * 32
    add(1)
    seal(AT + MINUTE)
    sending.send_due(at=AT + MINUTE)
    assert witness.statuses == [409, 422]
    assert HeadCopy.objects.get().last_error == "witness answered 422"


def test_a_witness_that_is_away_stops_no_other_place(settings, tmp_path):
    settings.SEAL_WITNESSES = ["http://127.0.0.1:9/add-checkpoint", "no address"]
    settings.SEAL_COPY_FILE = str(tmp_path / "heads.txt")
    seal_one()
    sending.send_due(at=AT)
    failed = HeadCopy.objects.exclude(last_error="").order_by("pk")
    assert [copy.last_error for copy in failed] == [
        "witness: ConnectionError",
        "not an HTTP address",
    ]
    assert HeadCopy.objects.get(last_error="").sent_number == 1
