"""Seals the events of the book: new leaves, and a signed head over all of them."""

import os

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from apps.events.models import Event
from apps.seals import canonical, checkpoints, tree
from apps.seals.canonical import SALT_BYTES
from apps.seals.checkpoints import Checkpoint
from apps.seals.models import Leaf, ProofAddress, SealCheck, Sealer, Subtree, TreeHead
from apps.seals.nodes import HEIGHT, WIDTH, StoredNodes, stored
from apps.seals.overdue import settled_event

# Events under one head, at most. They are read and hashed before the transaction begins, so that on
# SQLite, where only one can write, a move waits for little more than the writing.
BATCH = 2000


def seal(*, at, deadline=None):
    """Seal every event that is not sealed yet. Returns how many.

    Two thousand at a time become leaves and get a signed head in one transaction. Nothing is locked
    but the row of the `Sealer`: a second sealer leaves the work to the first one. After `deadline`,
    a `Deadline`, no further two thousand are begun.
    """
    done = 0
    while True:
        found = _seal_some(at=at, looks_back=not done)
        done += found
        if found < BATCH or (deadline is not None and deadline.has_passed):
            return done


def _seal_some(*, at, looks_back):
    """One head, or none where nothing is new. `looks_back`: also what was committed late."""
    head = _newest_head()
    size, top = (head.size, head.last_event_id) if head else (0, 0)
    rows = _late(top)[:BATCH] if looks_back else []
    rows = [*rows, *_values(Event.objects.filter(pk__gt=top))[: BATCH - len(rows)]]
    leaves = _leaves(rows, size)
    at = max(at, head.sealed_at) if head else at
    with transaction.atomic():
        sealer = _take_turn()
        if sealer is None or _newest_head() != head:
            return 0  # another one was first, and has sealed these
        if rows:
            Leaf.objects.bulk_create(leaves)
            _grow(0, size, [leaf.digest for leaf in leaves])
            _sign(head, size + len(rows), max(top, rows[-1][0]), at=at)
        sealer.updated_at = at
        sealer.save(update_fields=["updated_at"])
    return len(rows)


def _newest_head():
    return TreeHead.objects.order_by("-number").first()


def _take_turn():
    """The locked row of the sealer; None while another one works."""
    Sealer.objects.get_or_create(pk=Sealer.ONLY)
    return Sealer.objects.select_for_update(skip_locked=True).filter(pk=Sealer.ONLY).first()


def _late(top):
    """Events committed after others with a higher key were sealed. What is settled is left out."""
    is_sealed = Exists(Leaf.objects.filter(event=OuterRef("pk")))
    settled = settled_event(Sealer.objects.filter(pk=Sealer.ONLY).first())
    late = Event.objects.filter(pk__gt=settled, pk__lte=top).filter(~is_sealed)
    return _values(late)


def _values(events):
    return events.order_by("pk").values_list(*canonical.COLUMNS)


def _leaves(rows, size):
    """The events `rows` as leaves from number `size` on, not saved yet."""
    salts = os.urandom(SALT_BYTES * len(rows))
    leaves = []
    for offset, row in enumerate(rows):
        salt = salts[offset * SALT_BYTES : (offset + 1) * SALT_BYTES]
        digest = canonical.digest(salt, row)
        leaves.append(Leaf(number=size + offset, event_id=row[0], salt=salt, digest=digest))
    return leaves


def _grow(level, start, added):
    """Store the subtrees that are complete with the nodes `added`, from number `start` on."""
    first = start - start % WIDTH
    row = [*stored(level, first, start), *added]
    above = [
        tree.reduced(row[begin : begin + WIDTH]) for begin in range(0, len(row) - WIDTH + 1, WIDTH)
    ]
    if above:
        position = first // WIDTH
        Subtree.objects.bulk_create(
            Subtree(level=level + HEIGHT, position=position + offset, digest=digest)
            for offset, digest in enumerate(above)
        )
        _grow(level + HEIGHT, position, above)


def _sign(head, size, last_event_id, *, at):
    """Add the head over `size` leaves after `head`, the one before it or None."""
    checkpoint = Checkpoint(
        origin=settings.SEAL_ORIGIN,
        number=head.number + 1 if head else 1,
        size=size,
        root=tree.root(size, StoredNodes()),
        sealed_at=at,
    )
    key_id, signature = checkpoints.signed(checkpoint)
    TreeHead.objects.create(
        number=checkpoint.number,
        origin=checkpoint.origin,
        size=size,
        root=checkpoint.root,
        sealed_at=at,
        last_event_id=last_event_id,
        key_id=key_id,
        signature=signature,
    )


def proof_address(*, event, at):
    """The `ProofAddress` of `event`, made on the first call. Idempotent."""
    return ProofAddress.objects.get_or_create(event=event, defaults={"created_at": at})[0]


def record_check(*, verdict, at):
    """Keep the `Verdict` of a check of all seals, for the page of the auditors."""
    found = {
        "heads": verdict.heads,
        "leaves": verdict.leaves,
        "finding": "\n".join(verdict.findings),
    }
    last = SealCheck.objects.order_by("-pk").first()
    if last and found == {name: getattr(last, name) for name in found}:
        last.computed_at = at
        last.save(update_fields=["computed_at"])
        return last
    return SealCheck.objects.create(computed_at=at, **found)
