"""Of promises: no day passes without the person concerned being told."""

from apps.common import working_days
from apps.common.integrity import PATIENCE, About, Invariant
from apps.lateness.promises import overdue, promises


def _passed_in_silence(at):
    with working_days.read_once():
        return [row for promise in promises() for row, _ in overdue(promise, at=at - PATIENCE)]


INVARIANTS = [Invariant("没有一个承诺的日子悄悄过去", _passed_in_silence, About.WORK)]
