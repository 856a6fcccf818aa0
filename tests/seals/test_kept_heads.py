"""Heads that were kept elsewhere: how they are read, and what only they can show."""

import base64
import io

import pytest
from django.core.management import CommandError, call_command

from apps.common.templatetags.formats import moment
from apps.seals import checking, checkpoints
from apps.seals.models import Leaf, TreeHead
from tests.factories.cards import AT
from tests.guards import without_guards
from tests.seals.steps import HOUR, forge, found, rewrite, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(sealed, tmp_path):
    """The heads in a file outside."""
    path = tmp_path / "heads.txt"
    notes = "".join(head.note for head in TreeHead.objects.order_by("number"))
    path.write_text(f"请留存。\n\n{notes}")
    return path


def test_heads_that_were_kept_elsewhere_agree(kept):
    out = io.StringIO()
    call_command("verify_seals", heads=kept, stdout=out)
    assert "3 个树头、8 条记录，和另存的 3 个树头，全部相符" in out.getvalue()


def test_who_rewrites_everything_and_signs_again_is_found_by_heads_kept_elsewhere(sealed, kept):
    with without_guards():
        sql("UPDATE events_event SET reason = 'x' WHERE id = %s", sealed[3])
        rewrite([3])
        forge(TreeHead.objects.filter(number__gte=2))
    assert found() == []
    out = io.StringIO()
    with pytest.raises(CommandError, match="有 1 处不符"):
        call_command("verify_seals", heads=kept, stdout=out)
    assert out.getvalue().startswith(f"另存的树头 2（{moment(AT + 5 * HOUR)}）的根对不上")


def test_a_book_that_was_cut_is_found_by_heads_kept_elsewhere(sealed, kept):
    with without_guards():
        TreeHead.objects.filter(number=3).delete()
        Leaf.objects.filter(number__gte=5).delete()
        sql("DELETE FROM events_event WHERE id > %s", sealed[4])
    assert found() == []
    outside = checkpoints.split_notes(kept.read_text())
    [finding] = checking.verify(outside=outside).findings
    assert "有 8 条记录，现在只剩 5 条存证" in finding


FOREIGN = f"a\n1\n{'A' * 43}=\nnumber 1\ntime 2026-11-23T02:00:00Z\n\n— a AAAAAAAA\n"


@pytest.mark.parametrize("text", ["no head", FOREIGN])
def test_a_file_that_holds_no_head_of_ours_is_said(sealed, tmp_path, text):
    path = tmp_path / "heads.txt"
    path.write_text(text)
    with pytest.raises(CommandError, match=r"不符|没有树头"):
        call_command("verify_seals", heads=path, stdout=io.StringIO())
    with pytest.raises(CommandError, match="读不了"):
        call_command("verify_seals", heads=tmp_path / "none", stdout=io.StringIO())


def test_a_note_is_read_as_it_was_written_and_not_when_a_byte_differs(sealed):
    head = TreeHead.objects.get(number=2)
    keys = [checkpoints.own_key()]
    assert checkpoints.opened(head.note, keys) == head.checkpoint
    for old, new in (("\n5\n", "\n6\n"), ("number 2", "number 3"), ("T", "t"), ("— ", "- ")):
        assert old in head.note
        with pytest.raises(checkpoints.BadNote):
            checkpoints.opened(head.note.replace(old, new, 1), keys)


def test_the_key_of_the_specification_has_its_id():
    """The example of C2SP signed-note and Go's sumdb."""
    key = checkpoints.VerifyingKey.parsed(
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    )
    signature = (
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZ"
        "SNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    blob = base64.b64decode(signature)
    assert blob[:4] == key.id
    assert key.has_signed(text, blob[4:])
    assert not key.has_signed(text + "x", blob[4:])
