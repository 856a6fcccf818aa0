"""What a check is, and how it ends."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError

from apps.operations.enums import State

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Diagnosis:
    """How a check ended: `says` is a Chinese sentence, `lines` are details, one each."""

    state: State
    says: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class HealthCheck:
    """One question about the running portal.

    `find` is called with the moment. `remedy` says in Chinese what to do when it is not well.
    """

    key: str
    title: str
    remedy: str
    find: Callable[[datetime], Diagnosis]


@dataclass(frozen=True)
class Examined:
    """A check with its finding."""

    check: HealthCheck
    result: Diagnosis

    @property
    def is_well(self):
        return self.result.state == State.OK

    @property
    def is_starting(self):
        return self.result.state == State.NEW

    @property
    def is_to_look_at(self):
        """Whether somebody has to look. What has no result yet is neither this nor well."""
        return self.result.state in (State.WARN, State.BAD)


def examine(checks: Iterable[HealthCheck], *, at) -> list[Examined]:
    """The findings of `checks` at the moment `at`. A check that breaks is itself a bad finding.

    Raises OperationalError and InterfaceError: without the database none of them can be made.
    """
    return [Examined(check, _found(check, at)) for check in checks]


def _found(check, at):
    try:
        return check.find(at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("check %s failed", check.key)
        return Diagnosis(State.BAD, f"这一项没有检查成（{type(error).__name__}），详情见日志。")


def worst(states, default=State.OK):
    """The worst of `states`."""
    order = list(State)
    return max(states, key=order.index, default=default)
