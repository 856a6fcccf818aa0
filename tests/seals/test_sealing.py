"""Sealing: every event becomes a leaf once, and a head stands over all of them."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from apps.events.models import Event
from apps.seals import canonical, checkpoints, nodes, services, tree
from apps.seals.models import Leaf, Sealer, Subtree, TreeHead
from apps.seals.nodes import StoredNodes
from tests import contests
from tests.factories.cards import AT
from tests.seals.steps import add, seal

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def leaves():
    return list(Leaf.objects.order_by("number").values_list("number", "event_id"))


def digests():
    return [
        bytes(digest) for digest in Leaf.objects.order_by("number").values_list("digest", flat=True)
    ]


def test_new_events_become_leaves_under_a_signed_head():
    events = add(3)
    head = seal()
    assert leaves() == [(number, event.pk) for number, event in enumerate(events)]
    assert (head.number, head.size, head.sealed_at) == (1, 3, AT)
    frontier = tree.Frontier()
    for digest in digests():
        frontier.add(digest)
    assert bytes(head.root) == frontier.root
    assert checkpoints.opened(head.note, [checkpoints.own_key()]) == head.checkpoint


def test_sealing_twice_changes_nothing():
    add(2)
    first = seal()
    assert services.seal(at=AT + MINUTE) == 0
    assert TreeHead.objects.get() == first


def test_heads_are_beginnings_of_one_another():
    heads = []
    for number in (1, 2, 4, 7):
        add(number)
        heads.append(seal(AT + MINUTE * number))
    for old, new in zip(heads, heads[1:], strict=False):
        path = tree.consistency_path(old.size, new.size, StoredNodes())
        roots = bytes(old.root), bytes(new.root)
        assert tree.is_consistent(old.size, new.size, *roots, path)


def test_an_event_that_was_committed_late_is_sealed_by_the_next_head():
    [first] = add(1)
    [last] = add(1, id=first.pk + 2)
    seal()
    add(1, id=first.pk + 1)
    head = seal(AT + MINUTE)
    assert (head.number, head.size) == (2, 3)
    assert leaves()[-1] == (2, first.pk + 1)
    assert head.last_event_id == last.pk


def test_an_event_that_was_slipped_in_later_is_never_sealed():
    [first] = add(1)
    [other] = add(1, id=first.pk + 2)
    seal()
    add(1, id=first.pk + 3)
    seal(AT + timedelta(hours=2))
    seal(AT + timedelta(hours=2) + MINUTE)
    add(1, id=first.pk + 1)
    assert services.seal(at=AT + timedelta(hours=3)) == 0
    assert not Leaf.objects.filter(event_id=first.pk + 1).exists()


def test_what_was_committed_while_no_sealer_ran_is_sealed():
    """The time without a sealer settles nothing."""
    [first] = add(1)
    add(1, id=first.pk + 2)
    seal()
    add(1, id=first.pk + 1)
    head = seal(AT + timedelta(days=3))
    assert head.size == 3


def test_a_head_is_never_earlier_than_the_one_before():
    add(1)
    seal()
    add(1)
    assert seal(AT - timedelta(days=1)).sealed_at == AT


@pytest.mark.parametrize("sizes", [[255, 1, 1], [256, 256], [700], [300, 300, 300]])
def test_stored_subtrees_give_the_same_roots_and_paths_as_all_leaves(sizes):
    for number in sizes:
        add(number)
        head = seal()
        frontier = tree.Frontier()
        for digest in digests():
            frontier.add(digest)
        assert bytes(head.root) == frontier.root
    assert Subtree.objects.count() == sum(sizes) // 256
    for index in (0, 255, head.size - 1):
        path = tree.inclusion_path(index, head.size, StoredNodes())
        assert tree.is_included(digests()[index], index, head.size, path, bytes(head.root))


def test_a_level_above_the_subtrees_is_stored_too(monkeypatch):
    for module in (services, nodes):
        monkeypatch.setattr(module, "HEIGHT", 1)
        monkeypatch.setattr(module, "WIDTH", 2)
    for number in (3, 4, 6):
        add(number)
        head = seal()
    frontier = tree.Frontier()
    for digest in digests():
        frontier.add(digest)
    assert bytes(head.root) == frontier.root
    assert set(Subtree.objects.values_list("level", flat=True)) == {1, 2, 3}


def test_a_backlog_is_sealed_in_portions(monkeypatch):
    monkeypatch.setattr(services, "BATCH", 10)
    add(25)
    assert services.seal(at=AT) == 25
    assert list(TreeHead.objects.order_by("number").values_list("size", flat=True)) == [10, 20, 25]


def test_a_minute_reads_no_more_of_a_long_book(django_assert_max_num_queries):
    add(600)
    seal()
    add(1)
    with django_assert_max_num_queries(20):
        seal(AT + MINUTE)


def test_the_bytes_of_an_event_are_its_columns_as_json():
    [event] = add(1, due_at=AT + MINUTE, reason="“说明”", reference="R")
    values = Event.objects.filter(pk=event.pk).values_list(*canonical.COLUMNS).get()
    text = canonical.encoded(values)
    read = json.loads(text)
    assert set(read) == {field.attname for field in Event._meta.concrete_fields}
    assert list(read) == sorted(read)
    assert read["at"] == "2026-11-23T02:00:00.000000+00:00"
    assert read["due_at"] == "2026-11-23T02:01:00.000000+00:00"
    assert read["facts"] == {"rows": 3, "what": "一份"}
    assert "“说明”".encode() in text
    assert b": " not in text


def test_two_events_alike_have_hashes_that_differ():
    """Each leaf has random bytes, so that nobody finds out by trying what a hash stands for."""
    add(1)
    seal()
    leaf = Leaf.objects.get()
    values = Event.objects.values_list(*canonical.COLUMNS).get()
    assert canonical.digest(bytes(leaf.salt), values) == bytes(leaf.digest)
    assert canonical.digest(b"0" * 16, values) != bytes(leaf.digest)


@pytest.mark.parametrize("key", ["", "AAAA", "not a key", "-----BEGIN PRIVATE KEY-----\nx"])
def test_a_key_that_is_none_is_named(settings, key):
    settings.SEAL_KEY = key
    add(1)
    with pytest.raises(ImproperlyConfigured, match="SEAL_KEY"):
        seal()
    assert not Leaf.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_two_sealers_at_once_seal_each_event_once():
    add(50)
    contests.at_once(*[lambda: services.seal(at=AT)] * 4)
    services.seal(at=AT + MINUTE)
    assert [number for number, _ in leaves()] == list(range(50))
    assert TreeHead.objects.order_by("-number").first().size == 50


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_sealing_waits_for_no_move_and_no_move_for_it():
    """An open transaction has written an event; another one seals, and sees it the next time."""
    with transaction.atomic():
        [open_] = add(1)

        def other():
            add(2)
            services.seal(at=AT)

        contests.at_once(other)
    assert TreeHead.objects.get().size == 2
    head = seal(AT + MINUTE)
    assert head.size == 3
    assert leaves()[-1] == (2, open_.pk)
    assert Sealer.objects.get().updated_at == AT + MINUTE
