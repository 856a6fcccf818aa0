"""The kinds of subjects that events are about. Each app registers its kinds and their actions.

This app imports none of the others. A lifecycle registers its kind by itself; for a subject
without a lifecycle (accounts, looks at full data, rules) the app calls `register`.
"""

from dataclasses import dataclass

from django.db.models import TextChoices


@dataclass(frozen=True)
class EventKind:
    """`name` is stored in every event, `label` is read by people, `actions` are all that happens.

    `is_audit_only` marks what only auditors read: looks, sign-ins, changes of rules. `looks` are
    the actions by which a member of the staff was shown full personal data.
    """

    name: str
    label: str
    actions: type[TextChoices]
    is_audit_only: bool = False
    looks: tuple[str, ...] = ()


_KINDS: dict[str, EventKind] = {}


def register(kind):
    """Make `kind` known and return it. Raises ValueError when its name is taken."""
    if kind.name in _KINDS:
        raise ValueError(f"two kinds of events are named {kind.name}")
    _KINDS[kind.name] = kind
    return kind


def get(name):
    """The `EventKind` of this name. Raises KeyError for one that no app has registered."""
    return _KINDS[name]


def all_kinds():
    """Every registered `EventKind`, in the order of the apps."""
    return list(_KINDS.values())


def looks():
    """(name of the kind, action) of everything that shows full personal data to the staff."""
    return [(kind.name, action) for kind in all_kinds() for action in kind.looks]
