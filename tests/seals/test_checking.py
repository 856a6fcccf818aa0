"""`verify_seals` finds a sound book sound, and names what was changed, whoever did it."""

import base64
import io

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from apps.common import integrity
from apps.common.integrity import PATIENCE
from apps.seals import checking, checkpoints, tasks
from apps.seals.models import Leaf, SealCheck, Subtree, TreeHead
from tests.factories.cards import AT
from tests.guards import without_guards
from tests.seals.steps import HOUR, add, found, rewrite, seal, sql

pytestmark = pytest.mark.django_db


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


def test_a_leaf_that_was_rewritten_with_its_event_is_found_by_the_head(sealed):
    with without_guards():
        sql("UPDATE events_event SET reason = 'x' WHERE id = %s", sealed[3])
        rewrite([3])
    assert found()[0] == "树头 2 的根对不上：第 2 至 4 条存证里有的连同记录一起被改过。"


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
