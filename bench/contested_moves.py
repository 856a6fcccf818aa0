"""How quickly one row moves while eight processes want to move it, beside the usual way.

    .venv/bin/python -m bench.contested_moves [CARDS]

Every process tries to end the suspension of every card, in the same order. Exactly one of them may
succeed. Ours holds the row and moves it, as the services do. The peer locks the row with
select_for_update, compares the status, saves it and writes the event, in one transaction, as a view
would by hand. With PEERS=1 django-fsm-2 and viewflow do the same in rounds of their own. Prints how
many moves there were too many: none.
"""

import json
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from django.db import connection, connections, transaction

from apps.cards.enums import CardAction, CardStatus
from apps.cards.models import Card
from apps.events.enums import AS_WORKER
from apps.events.models import Event
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed, Overtaken
from bench import peers, table
from bench.peers.contest import contest
from bench.sweep import AT
from bench.sweep import fill as fill_cards

LIBRARIES = ("django_fsm", "viewflow")
CARDS = 10_000


def by_the_engine(key):
    try:
        with transaction.atomic():
            engine.move(Card.held(key), CardAction.EXPIRE, at=AT, **AS_WORKER)
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


def contest_of_ours(way, keys):
    return contest(WAYS[way], keys, let_go=let_go)


def let_go():
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()


@contextmanager
def libraries():
    """{name: contest(keys)} of the peers, each a process that waits for keys; none without them."""
    if not peers.are_there():
        yield {}
        return
    with ExitStack() as stack:
        yield {name: stack.enter_context(library(name)) for name in LIBRARIES}


@contextmanager
def library(name):
    command = [peers.PYTHON, str(Path(peers.__file__).with_name("moves.py")), name]
    with subprocess.Popen(  # noqa: S603 - our own words
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def contest_of_theirs(keys):
            print(json.dumps(keys), file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        yield contest_of_theirs
        process.stdin.close()


def main(cards=CARDS):
    with libraries() as theirs:
        ways = {way: partial(contest_of_ours, way) for way in WAYS} | theirs
        fill_cards(len(ways) * cards, len(ways) * cards)
        keys = list(Card.objects.order_by("pk").values_list("pk", flat=True))
        size = cards // table.ROUNDS
        rates, doubles = {way: [] for way in ways}, 0
        for _ in range(table.ROUNDS):
            for way, compete in ways.items():
                mine, keys = keys[:size], keys[size:]
                seconds, moves = compete(mine)
                rates[way].append(size / seconds)
                doubles += moves - size
    ours = rates.pop("engine")
    for way, theirs in rates.items():
        name = "contested_moves" if way == "by_hand" else f"contested_moves_{way}"
        table.note(name, ours=ours, floor=theirs, unit="moves a second")
    written = Event.objects.filter(action=CardAction.EXPIRE).count()
    tried = len(ways) * size * table.ROUNDS
    print(f"moves too many, of {tried:,}: {doubles}; events: {written:,}")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
