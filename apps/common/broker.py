"""Whether the broker takes messages, and how many wait in each queue. Never waits long."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from celery import current_app
from django.conf import settings

from apps.common.nudges import impatient_connection

_PROBE = "portal-probe"


@dataclass(frozen=True)
class BrokerState:
    """`trouble` is "" for a broker that takes messages, else 连不上, 没有回应 or 满了.

    `waiting` is the number of messages by queue.
    """

    trouble: str = ""
    waiting: dict[str, int] = field(default_factory=dict)


def ask(queues=()) -> BrokerState:
    """The state of the broker, with how many messages wait in each of `queues`."""
    if not settings.REDIS_URL:
        return _ask_files(queues)
    try:
        with impatient_connection(current_app) as connection:
            client = connection.default_channel.client
            client.set(_PROBE, "1", ex=60)  # a full Redis answers a ping
            return BrokerState(waiting={queue: client.llen(queue) for queue in queues})
    except Exception as error:  # of redis, kombu or the system: each means that it takes nothing
        return BrokerState(_TROUBLES.get(type(error).__name__, "连不上"))


_TROUBLES = {"OutOfMemoryError": "满了", "TimeoutError": "没有回应"}


def _ask_files(queues):
    folder = Path(settings.BROKER_DIR) / "messages"
    try:
        # As file_broker names them: moment_number.queue.msg
        found = Counter(path.name.split(".")[-2] for path in folder.glob("*.msg"))
    except OSError:
        return BrokerState("连不上")
    return BrokerState(waiting={queue: found[queue] for queue in queues})
