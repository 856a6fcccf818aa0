"""The same contested move as in bench.contested_moves, done by libraries, for that benchmark.

    .venv-peers/bin/python bench/peers/moves.py LIBRARY

Runs in the environment of the peers, on the database of DATABASE_URL, which holds our tables. Each
line of the input is a JSON list of keys of cards; the answer is a line [seconds, moves]. The row is
locked, the library compares and sets its status, the row is saved and its event written, in one
transaction, as the documentation of each library asks.
"""

import json
import os
import sys
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings

_URL = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _URL.path.strip("/"),
            "USER": unquote(_URL.username or ""),
            "PASSWORD": unquote(_URL.password or ""),
            "HOST": _URL.hostname or "",
            "PORT": _URL.port or "",
            "CONN_MAX_AGE": None,
        }
    },
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    USE_TZ=True,
)
django.setup()

from contest import contest  # noqa: E402
from django.db import connections, models, transaction  # noqa: E402
from django_fsm import (  # noqa: E402
    ConcurrentTransition,
    ConcurrentTransitionMixin,
    FSMField,
    TransitionNotAllowed,
    transition,
)
from viewflow import fsm  # noqa: E402

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SUSPENDED, ACTIVE = "SUSPENDED", "ACTIVE"


class Columns(models.Model):
    """The columns of a card, as far as a move reads and writes them, none of them encrypted."""

    reference = models.CharField(max_length=16)
    holder_id = models.BigIntegerField()
    card_number = models.TextField()
    status_since = models.DateTimeField()
    suspended_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def end_suspension(self):
        self.status_since, self.suspended_until = AT, None


class FsmCard(ConcurrentTransitionMixin, Columns):
    status = FSMField(protected=True)

    class Meta:
        managed, app_label, db_table = False, "peers", "cards_card"

    @transition(field=status, source=SUSPENDED, target=ACTIVE)
    def expire(self):
        self.end_suspension()


class PlainCard(Columns):
    status = models.CharField(max_length=20)

    class Meta:
        managed, app_label, db_table = False, "peers", "cards_card"


class CardFlow:
    state = fsm.State((SUSPENDED, ACTIVE), default=SUSPENDED)

    def __init__(self, card):
        self.card = card

    @state.getter()
    def _status(self):
        return self.card.status

    @state.setter()
    def _set_status(self, value):
        self.card.status = value

    @state.transition(source=SUSPENDED, target=ACTIVE)
    def expire(self):
        self.card.end_suspension()

    @state.on_success()
    def _save(self, descriptor, source, target):
        self.card.save()


class Event(models.Model):
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    reference = models.CharField(max_length=16)
    holder_id = models.BigIntegerField()
    action = models.CharField(max_length=20)
    from_status = models.CharField(max_length=20)
    to_status = models.CharField(max_length=20)
    at = models.DateTimeField()
    role = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    reason = models.TextField()
    facts = models.JSONField()

    class Meta:
        managed, app_label, db_table = False, "peers", "events_event"


def write_event(card):
    Event.objects.create(
        subject_kind="card",
        subject_id=card.pk,
        reference=card.reference,
        holder_id=card.holder_id,
        action="EXPIRE",
        from_status=SUSPENDED,
        to_status=ACTIVE,
        at=AT,
        role="WORKER",
        channel="WORKER",
        reason="",
        facts={},
    )


def by_django_fsm(key):
    try:
        with transaction.atomic():
            card = FsmCard.objects.select_for_update().get(pk=key)
            card.expire()
            card.save()
            write_event(card)
    except (TransitionNotAllowed, ConcurrentTransition):
        return 0
    return 1


def by_viewflow(key):
    try:
        with transaction.atomic():
            card = PlainCard.objects.select_for_update().get(pk=key)
            CardFlow(card).expire()
            write_event(card)
    except fsm.TransitionNotAllowed:
        return 0
    return 1


LIBRARIES = {"django_fsm": by_django_fsm, "viewflow": by_viewflow}


def main(library):
    for line in sys.stdin:
        answer = contest(LIBRARIES[library], json.loads(line), let_go=connections.close_all)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
