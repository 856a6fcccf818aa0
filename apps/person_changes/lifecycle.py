"""The life of a change of who somebody is: proposed by one, decided by another, or lapsed."""

from apps.events.enums import Role
from apps.lifecycle.tables import Clock, Lifecycle, move
from apps.person_changes.enums import PersonChangeAction, PersonChangeStatus

_PROPOSED = {PersonChangeStatus.PROPOSED}


def _end(target, role):
    """However it ends, the typed number is not kept."""
    return move(_PROPOSED, target, role, clears={"new_number"})


PERSON_CHANGE = Lifecycle(
    name="person_change",
    label="PersonChange (人员更正)",
    noun="这条人员更正",
    statuses=PersonChangeStatus,
    actions=PersonChangeAction,
    holder="holder",
    filled_in_by="proposed_by",
    clocks=(Clock(frozenset(_PROPOSED), "ends_at", PersonChangeAction.LAPSE),),
    moves={
        PersonChangeAction.PROPOSE: move((), PersonChangeStatus.PROPOSED, Role.STAFF),
        PersonChangeAction.CONFIRM: _end(PersonChangeStatus.DONE, Role.STAFF),
        PersonChangeAction.CONFIRM_NUMBER: _end(PersonChangeStatus.DONE, Role.STAFF),
        PersonChangeAction.DECLINE: _end(PersonChangeStatus.DECLINED, Role.STAFF),
        PersonChangeAction.WITHDRAW: _end(PersonChangeStatus.WITHDRAWN, Role.STAFF),
        PersonChangeAction.LAPSE: _end(PersonChangeStatus.LAPSED, Role.WORKER),
    },
)
