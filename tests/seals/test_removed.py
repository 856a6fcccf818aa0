"""`verify_seals` names what was removed: events, seals, heads, or all of them."""

import io

import pytest
from django.core.management import CommandError, call_command

from apps.seals.models import Leaf, TreeHead
from tests.factories.cards import AT
from tests.guards import without_guards
from tests.seals.steps import HOUR, add, found, sql

pytestmark = pytest.mark.django_db


def test_a_removed_event_is_named(sealed):
    with without_guards():
        sql("DELETE FROM events_event WHERE id = %s", sealed[4])
    assert found() == [f"办理记录 #{sealed[4]} 没有了：它是第 4 条存证。"]


def test_the_first_of_several_is_named_first(sealed):
    with without_guards():
        sql("DELETE FROM events_event WHERE id = %s", sealed[6])
        sql("UPDATE events_event SET reason = 'x' WHERE id = %s", sealed[1])
    assert [sealed[1], sealed[6]] == [int(text.split("#")[1].split()[0]) for text in found()]


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
