"""What the open page of a receipt proves, computed anew each time it is asked for."""

from dataclasses import dataclass

from apps.events.models import Event
from apps.seals import canonical, checkpoints, tree
from apps.seals.models import Leaf, Sealer, TreeHead
from apps.seals.nodes import StoredNodes
from apps.seals.overdue import settled_event


@dataclass(frozen=True)
class Proof:
    """One event against the seal. Without `leaf` it is not sealed yet, or `is_amiss`.

    `head` is the first one that covers it, `path` leads from the leaf to its root. `is_amiss` says
    that the event, the path, the root or the signature is not as it was sealed.
    """

    event: Event
    leaf: Leaf | None = None
    head: TreeHead | None = None
    path: tuple[bytes, ...] = ()
    is_amiss: bool = False

    @property
    def is_proven(self):
        return self.head is not None and not self.is_amiss

    @property
    def digest(self):
        """The hash of the leaf in hexadecimal."""
        return bytes(self.leaf.digest).hex() if self.leaf else ""

    @property
    def steps(self):
        """The hashes of the path in hexadecimal."""
        return [sibling.hex() for sibling in self.path]


def proof_of(event):
    """The `Proof` of `event`."""
    leaf = Leaf.objects.of(event)
    if leaf is None:
        sealer = Sealer.objects.filter(pk=Sealer.ONLY).first()
        return Proof(event, is_amiss=event.pk <= settled_event(sealer))
    head = TreeHead.objects.filter(size__gt=leaf.number).order_by("number").first()
    if head is None:
        return Proof(event, leaf, is_amiss=True)
    path = _path(leaf, head)
    return Proof(event, leaf, head, path, is_amiss=not _holds(event, leaf, head, path))


def _path(leaf, head):
    """The path from `leaf` to the root of `head`; empty where rows of the tree are missing."""
    try:
        return tuple(tree.inclusion_path(leaf.number, head.size, StoredNodes()))
    except (ValueError, IndexError):
        return ()


def _holds(event, leaf, head, path):
    values = Event.objects.values_list(*canonical.COLUMNS).get(pk=event.pk)
    digest = canonical.digest(bytes(leaf.salt), values)
    try:
        checkpoints.opened_as_own(head.note, checkpoints.known_keys())
    except checkpoints.BadNote:
        return False
    return tree.is_included(digest, leaf.number, head.size, path, bytes(head.root))
