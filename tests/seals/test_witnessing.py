"""Being a witness of a portal, and checking what witnesses signed."""

import base64
import io
import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from apps.seals import checking, checkpoints, cosignatures, sending
from apps.seals.enums import CopyChannel
from apps.seals.models import HeadCopy, Leaf, Subtree, TreeHead
from tests.factories.cards import AT
from tests.guards import without_guards
from tests.seals.steps import add, forge, rewrite, seal, sql
from tests.seals.test_sending import witness as witness_server  # noqa: F401

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NAME = "witness.example/w1"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


@pytest.fixture
def witness(tmp_path, monkeypatch):
    """`witness(request)`: what the command of a witness prints for the text `request`."""
    private = tmp_path / "witness.key"
    private.write_text(base64.b64encode(PRIVATE.private_bytes_raw()).decode())
    log = str(checkpoints.own_key())

    def witness(request="", **options):
        monkeypatch.setattr("sys.stdin", io.StringIO(request))
        out = io.StringIO()
        options = {
            "name": NAME,
            "private": private,
            "log": log,
            "seen": tmp_path / "seen",
        } | options
        call_command("witness", stdout=out, **options)
        return out.getvalue()

    return witness


def request(old):
    out = io.StringIO()
    call_command("verify_seals", for_witness=old, stdout=out)
    return out.getvalue()


def grow(number):
    add(number + 2)
    return seal(AT + HOUR * number)


def test_a_witness_signs_what_continues_what_it_saw(witness, settings):
    key = cosignatures.key_of(NAME, PRIVATE)
    assert str(key) == witness(key=True).strip()
    old = 0
    for number in range(3):
        head = grow(number)
        line = witness(request(old))
        found = cosignatures.witnesses(head.checkpoint.text, line, [key])
        assert list(found) == [NAME]
        blob = base64.b64decode(line.split()[2])
        assert (blob[:4], len(blob)) == (key.id, 4 + 8 + 64)
        old = head.size


def test_the_signature_is_over_the_two_lines_and_the_whole_head():
    text = grow(0).checkpoint.text
    line = cosignatures.cosigned(text, name=NAME, private=PRIVATE, at=AT)
    seconds = int(AT.timestamp())
    signature = base64.b64decode(line.split()[2])[12:]
    PRIVATE.public_key().verify(signature, f"cosignature/v1\ntime {seconds}\n{text}".encode())
    key = cosignatures.key_of(NAME, PRIVATE)
    assert cosignatures.witnesses(text, line, [key]) == {NAME: AT.replace(microsecond=0)}
    assert cosignatures.witnesses(text.replace("number 1", "number 2"), line, [key]) == {}
    other = cosignatures.key_of("witness.example/w2", PRIVATE)
    assert cosignatures.witnesses(text, line, [other]) == {}


def test_a_history_that_was_rewritten_is_not_signed(witness):
    for number in range(3):
        head = grow(number)
    witness(request(0))
    known = head.size
    with without_guards():
        changed = Leaf.objects.get(number=1).event_id
        sql("UPDATE events_event SET reason = 'x' WHERE id = %s", changed)
        rewrite([1])
        forge(TreeHead.objects.all())
        Subtree.objects.all().delete()
    grow(3)
    with pytest.raises(CommandError, match="不是上次见到的树头 3 的延续"):
        witness(request(known))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: "hello", "不是送给见证方的内容"),
        (lambda text: text.replace("number 2", "number 7"), "没有我们的有效签名"),
        (lambda text: re.sub(r"^old \d+", "old 0", text), "上次见到 2 条记录"),
        (lambda text: re.sub(r"\n[A-Za-z0-9+/]{43}=\n", "\n", text, count=1), "不是上次见到的"),
    ],
    ids=["no request", "changed", "from the beginning", "a hash is missing"],
)
def test_what_does_not_hold_is_not_signed_and_what_was_seen_stays(witness, change, words):
    grow(0)
    witness(request(0))
    grow(1)
    good = request(2)
    with pytest.raises(CommandError, match=words):
        witness(change(good))
    assert witness(good).startswith(f"— {NAME} ")


def test_another_portal_s_head_needs_its_own_key(witness):
    grow(0)
    other = checkpoints.VerifyingKey("other.example/seals", bytes(32))
    with pytest.raises(CommandError, match="没有我们的有效签名"):
        witness(request(0), log=str(other))


def cosign(server, monkeypatch, private):
    """The witness behind the socket of `server` signs what it accepts with `private`."""
    judge = server.judge

    def judged(body):
        status, kind, text = judge(body)
        if status == 200:
            head = checkpoints.opened(body.partition("\n\n")[2], [server.key])
            text = cosignatures.cosigned(head.text, name=NAME, private=private, at=AT)
        return status, kind, text

    monkeypatch.setattr(server, "judge", judged)


def test_verify_seals_checks_what_the_witness_signed(witness_server, settings, monkeypatch):  # noqa: F811
    cosign(witness_server, monkeypatch, PRIVATE)
    settings.SEAL_WITNESS_KEYS = [str(cosignatures.key_of(NAME, PRIVATE))]
    grow(0)
    sending.send_due(at=AT)
    verdict = checking.verify()
    assert (verdict.findings, verdict.cosigned) == ([], 1)
    out = io.StringIO()
    call_command("verify_seals", stdout=out)
    assert "1 个见证方的副签，全部相符" in out.getvalue()

    HeadCopy.objects.update(answer=f"— {NAME} {'A' * 100}\n")
    [finding] = checking.verify().findings
    assert finding == f"见证方 {witness_server.address} 对树头 1 的副签不对。"


def test_an_answer_without_the_witness_s_signature_counts_as_none(
    witness_server,  # noqa: F811
    settings,
    monkeypatch,
):
    cosign(witness_server, monkeypatch, Ed25519PrivateKey.generate())
    settings.SEAL_WITNESS_KEYS = [str(cosignatures.key_of(NAME, PRIVATE))]
    grow(0)
    sending.send_due(at=AT)
    copy = HeadCopy.objects.get(channel=CopyChannel.WITNESS)
    assert (copy.sent_number, copy.last_error) == (0, "witness did not sign the head")
    assert TreeHead.objects.count() == 1


def test_a_key_that_is_no_witness_s_is_refused(settings):
    settings.SEAL_WITNESS_KEYS = [str(checkpoints.own_key())]
    with pytest.raises(ImproperlyConfigured):
        cosignatures.known_keys()
