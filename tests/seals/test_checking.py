"""`verify_seals` names what was changed, removed or slipped in, whoever did it."""

import base64
import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from apps.common import integrity
from apps.common.integrity import PATIENCE
from apps.seals import canonical, checking, checkpoints, overdue, services, tasks, tree
from apps.seals.checkpoints import Checkpoint
from apps.seals.models import Leaf, SealCheck, Subtree, TreeHead
from apps.seals.nodes import WIDTH
from tests.factories.cards import AT
from tests.guards import without_guards
from tests.seals.steps import add, seal, sql

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def sealed():
    """Three heads over eight events, the keys of which are returned."""
    found = []
    for number in (2, 3, 3):
        found += [event.pk for event in add(number)]
        seal(AT + HOUR * len(found))
    return found


def found():
    return checking.verify().findings


def test_a_sound_book_is_sound(sealed):
    verdict = checking.verify()
    assert (verdict.heads, verdict.leaves, verdict.findings) == (3, 8, [])


def test_a_portal_that_has_moved_to_another_port_or_host_still_holds(sealed, settings):
    kept = [head.note for head in TreeHead.objects.all()]
    settings.SEAL_ORIGIN = "127.0.0.1:8123/seals"
    add(2)
    seal(AT + 20 * HOUR)
    verdict = checking.verify(outside=kept)
    assert (verdict.heads, verdict.findings) == (4, [])


def test_another_key_under_our_name_is_not_ours(sealed, settings):
    settings.SEAL_KEY = base64.b64encode(bytes(32)).decode()
    assert len([finding for finding in found() if "没有我们的有效签名" in finding]) == 3


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'x'",
        "at = '2026-11-23 02:00:01+00'",
        "due_at = '2026-11-23 02:00:01+00'",
        "holder_id = 7",
        "facts = '{\"rows\": 4}'",
        "to_status = 'ACTIVE'",
        "reference = 'OTHER'",
    ],
)
def test_a_changed_event_is_named(sealed, change):
    with without_guards():
        sql(f"UPDATE events_event SET {change} WHERE id = %s", sealed[3])  # noqa: S608
    assert found() == [f"办理记录 #{sealed[3]} 被改过：和第 3 条存证不符。"]


def test_a_removed_event_is_named(sealed):
    with without_guards():
        sql("DELETE FROM events_event WHERE id = %s", sealed[4])
    assert found() == [f"办理记录 #{sealed[4]} 没有了：它是第 4 条存证。"]


def test_the_first_of_several_is_named_first(sealed):
    with without_guards():
        sql("DELETE FROM events_event WHERE id = %s", sealed[6])
        sql("UPDATE events_event SET reason = 'x' WHERE id = %s", sealed[1])
    assert [sealed[1], sealed[6]] == [int(text.split("#")[1].split()[0]) for text in found()]


def test_an_event_that_was_slipped_in_is_named(sealed):
    add(1)
    seal(AT + HOUR * 10)
    with without_guards():
        sql("UPDATE events_event SET id = 0 WHERE id = %s", add(1)[0].pk)
    services.seal(at=AT + HOUR * 11)
    assert found() == ["办理记录 #0 是后来插入的：比它晚的记录早已存证，它没有存证。"]


def slip_in(key):
    """An event with the key `key`, written after later ones were sealed."""
    with without_guards():
        sql("UPDATE events_event SET id = %s WHERE id = %s", key, add(1)[0].pk)


@pytest.mark.parametrize(
    "cover",
    [
        "UPDATE seals_sealer SET updated_at = '2020-01-01 00:00:00+00'",
        "UPDATE seals_treehead SET last_event_id = 1 WHERE number < 5",
    ],
    ids=["the sealer has not run for long", "the heads cover little"],
)
def test_an_event_that_the_sealer_was_made_to_take_in_is_named(sealed, cover):
    """What tells the sealer how far the book is settled is signed by nobody."""
    free = add(1)[0].pk
    with without_guards():
        sql("UPDATE events_event SET id = %s WHERE id = %s", free + 5, free)
    seal(AT + HOUR * 10)
    add(1)
    seal(AT + HOUR * 20)
    tops = dict(TreeHead.objects.values_list("number", "last_event_id"))
    slip_in(free)
    with without_guards():
        sql(cover)
    services.seal(at=AT + HOUR * 21)
    with without_guards():
        for number, top in tops.items():
            sql("UPDATE seals_treehead SET last_event_id = %s WHERE number = %s", top, number)
    assert not overdue.slipped_in().exists()
    assert f"办理记录 #{free} 是后来插入的：" in found()[0]


def test_a_head_that_names_another_last_event_is_named(sealed):
    with without_guards():
        sql("UPDATE seals_treehead SET last_event_id = 1 WHERE number = 2")
    assert found() == [f"树头 2 写的最后一条记录不对：应该是 #{sealed[4]}。"]


@pytest.mark.parametrize(
    "change", ["UPDATE seals_subtree SET digest = %s", "DELETE FROM seals_subtree"]
)
def test_a_stored_subtree_that_does_not_fit_its_leaves_is_named(sealed, change):
    """The next heads would be signed over it."""
    add(WIDTH)
    seal(AT + HOUR * 10)
    with without_guards():
        sql(change, *[bytes(32)] * change.count("%s"))
    assert found() == ["存好的节点（第 8 层第 0 个）不对：它和下面的存证不符。"]


def rewrite(numbers):
    """Give these leaves the hashes that the events have now."""
    for leaf in Leaf.objects.filter(number__in=numbers):
        values = type(leaf.event).objects.filter(pk=leaf.event_id)
        digest = canonical.digest(bytes(leaf.salt), values.values_list(*canonical.COLUMNS).get())
        Leaf.objects.filter(pk=leaf.pk).update(digest=digest)


def test_a_leaf_that_was_rewritten_with_its_event_is_found_by_the_head(sealed):
    with without_guards():
        sql("UPDATE events_event SET reason = 'x' WHERE id = %s", sealed[3])
        rewrite([3])
    assert found()[0] == "树头 2 的根对不上：第 2 至 4 条存证里有的连同记录一起被改过。"


def forge(heads):
    """Sign these heads again over what the leaves are now, as whoever holds the key can."""
    leaves = [bytes(leaf.digest) for leaf in Leaf.objects.order_by("number")]
    for head in heads:
        frontier = tree.Frontier()
        for leaf in leaves[: head.size]:
            frontier.add(leaf)
        kept = head.checkpoint
        new = Checkpoint(kept.origin, kept.number, kept.size, frontier.root, kept.sealed_at)
        key_id, signature = checkpoints.signed(new)
        TreeHead.objects.filter(pk=head.pk).update(root=new.root, signature=signature)


def test_a_head_signed_by_another_key_is_named(sealed, settings):
    settings.SEAL_KEY = "A" * 43 + "="
    add(1)
    seal(AT + HOUR * 20)
    assert [text.split("：")[0] for text in found()] == [
        "树头 1 的签名不对",
        "树头 2 的签名不对",
        "树头 3 的签名不对",
    ]


def test_a_former_key_counts_while_it_is_named(sealed, settings):
    settings.SEAL_FORMER_KEYS = [str(checkpoints.own_key())]
    settings.SEAL_KEY = "A" * 43 + "="
    add(1)
    seal(AT + HOUR * 20)
    assert found() == []


def test_a_missing_head_and_a_cut_tree_are_named(sealed):
    with without_guards():
        TreeHead.objects.filter(number=2).delete()
        Leaf.objects.filter(number=7).delete()
    assert found() == [
        "树头 3 前面少了树头。",
        "树头 3 有 8 条记录，现在只剩 7 条存证：后面的没有了。",
    ]


def test_the_last_head_that_was_removed_is_named(sealed):
    with without_guards():
        sql("DELETE FROM seals_treehead WHERE number = 3")
    assert found() == ["第 5 条起的存证没有树头：后面的树头没有了。"]


def test_a_book_whose_seals_are_all_gone_is_not_said_to_be_sound(sealed):
    add(1, at=AT + 2 * HOUR)
    with without_guards():
        for table in ("seals_treehead", "seals_leaf"):
            sql(f"DELETE FROM {table}")  # noqa: S608
    with pytest.raises(CommandError, match="另有 9 条还没有存证.*存证停了，或者存证连同树头被删了"):
        call_command("verify_seals", stdout=io.StringIO())


def test_what_waits_for_the_next_head_is_said(sealed):
    add(2)
    said = io.StringIO()
    call_command("verify_seals", stdout=said)
    assert "全部相符" in said.getvalue()
    assert "另有 2 条还没有存证" in said.getvalue()


def test_a_leaf_that_was_removed_is_named(sealed):
    with without_guards():
        Leaf.objects.filter(number=2).delete()
    assert found()[0].startswith("第 2 条存证没有了（后面一条是第 3 条，")


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
    assert out.getvalue().startswith("另存的树头 2（11月23日（周一）15:00:00）的根对不上")


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


def test_the_command_says_when_all_is_well_and_prints_the_key(sealed):
    out = io.StringIO()
    call_command("verify_seals", stdout=out)
    assert "3 个树头、8 条记录，全部相符" in out.getvalue()
    call_command("verify_seals", key=True, stdout=out)
    assert out.getvalue().endswith(f"{checkpoints.own_key()}\n")


def test_the_daily_check_is_kept_and_renewed(sealed):
    tasks.check_seals()
    first = SealCheck.objects.get()
    assert (first.heads, first.leaves, first.finding) == (3, 8, "")
    tasks.check_seals()
    assert SealCheck.objects.get().computed_at > first.computed_at
    with without_guards():
        sql("DELETE FROM events_event WHERE id = %s", sealed[4])
    tasks.check_seals()
    assert f"办理记录 #{sealed[4]} 没有了" in SealCheck.objects.order_by("-pk").first().finding


def test_seals_are_part_of_the_check_of_the_whole(sealed):
    rules = {rule.says: rule for rule in integrity.invariants()}
    fits, in_time = rules["每条存证都和办理记录相符"], rules["办理记录都按时存证"]
    assert list(fits.breaches(AT)) == list(in_time.breaches(AT)) == []
    [late] = add(1)
    assert list(in_time.breaches(AT + PATIENCE)) == [late]
    with without_guards():
        sql("DELETE FROM events_event WHERE id = %s", sealed[4])
    assert len(list(fits.breaches(AT))) == 1


@pytest.mark.parametrize("model", [Leaf, TreeHead, Subtree])
def test_the_tree_can_only_grow(model):
    add(256)
    seal()
    for statement in ("UPDATE {} SET digest = digest", "DELETE FROM {}"):
        if model is TreeHead:
            statement = statement.replace("digest", "root")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            sql(statement.format(model._meta.db_table))


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
