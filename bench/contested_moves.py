"""How quickly one row moves while eight processes want to move it, beside the usual way.

    .venv/bin/python -m bench.contested_moves [CARDS]

Every process tries to end the suspension of every card, in the same order. Exactly one of them may
succeed. The peer locks the row with select_for_update, compares the status, saves it and writes the
event, in one transaction, as a view would by hand, and as django-fsm-2 asks of its users. Prints
how many moves there were too many: none.
"""

import multiprocessing
import sys
import time

from django.db import connection, connections, transaction

from apps.cards.enums import CardAction, CardStatus
from apps.cards.models import Card
from apps.events.enums import AS_WORKER
from apps.events.models import Event
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed, Overtaken
from bench import table
from bench.sweep import AT
from bench.sweep import fill as fill_cards

FORK = multiprocessing.get_context("fork")
PROCESSES = 8
CARDS = 10_000


def by_the_engine(key):
    try:
        engine.move(Card.objects.get(pk=key), CardAction.EXPIRE, at=AT, **AS_WORKER)
    except (NotAllowed, Overtaken):
        return 0
    return 1


def by_hand(key):
    with transaction.atomic():
        card = Card.objects.select_for_update().get(pk=key)
        if card.status != CardStatus.SUSPENDED:
            return 0
        card.status, card.status_since, card.suspended_until = CardStatus.ACTIVE, AT, None
        card.save()
        Event.objects.create(
            subject_kind="card",
            subject_id=card.pk,
            reference=card.reference,
            holder_id=card.holder_id,
            action=CardAction.EXPIRE,
            from_status=CardStatus.SUSPENDED,
            to_status=CardStatus.ACTIVE,
            at=AT,
            **AS_WORKER,
        )
    return 1


WAYS = {"engine": by_the_engine, "by_hand": by_hand}


def contest(way, keys):
    """Let all processes try all `keys` at once: (seconds, how many moves there were)."""
    told, together = FORK.Queue(), FORK.Barrier(PROCESSES)
    _let_go()
    processes = [
        FORK.Process(target=take_part, args=(way, keys, together, told)) for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    lines = [told.get(timeout=600) for _ in processes]
    for process in processes:
        process.join()
    return (
        max(ended for _, _, ended in lines) - min(began for _, began, _ in lines),
        sum(moves for moves, _, _ in lines),
    )


def _let_go():
    """Close every connection, so that no two processes go on with one that they inherited."""
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()


def take_part(way, keys, together, told):
    """What each process does: try all keys in order; tells its moves, and when it worked."""
    together.wait()
    began = time.monotonic()
    moves = sum(WAYS[way](key) for key in keys)
    told.put((moves, began, time.monotonic()))
    connections.close_all()


def main(cards=CARDS):
    fill_cards(2 * cards, 2 * cards)
    keys = list(Card.objects.order_by("pk").values_list("pk", flat=True))
    size = cards // table.ROUNDS
    rates, doubles = {way: [] for way in WAYS}, 0
    for _ in range(table.ROUNDS):
        for way, kept in rates.items():
            mine, keys = keys[:size], keys[size:]
            seconds, moves = contest(way, mine)
            kept.append(size / seconds)
            doubles += moves - size
    table.note(
        "contested_moves", ours=rates["engine"], floor=rates["by_hand"], unit="moves a second"
    )
    written = Event.objects.filter(action=CardAction.EXPIRE).count()
    print(f"moves too many, of {2 * size * table.ROUNDS:,}: {doubles}; events: {written:,}")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
