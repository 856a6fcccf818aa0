"""`verify_seals` names what was slipped in, and what was changed that no signature covers."""

import pytest

from apps.seals import overdue, services
from apps.seals.models import TreeHead
from apps.seals.nodes import WIDTH
from tests.factories.cards import AT
from tests.guards import without_guards
from tests.seals.steps import HOUR, add, found, seal, sql

pytestmark = pytest.mark.django_db


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
