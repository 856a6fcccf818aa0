"""What the check of the seals works out again from the leaves, besides the roots of the heads.

No signature covers the rows that are compared here, but the sealer builds on them: whoever changes
them could make it take in what was slipped in, or sign a root that does not belong to the leaves.
"""

from collections import deque
from datetime import datetime

from django.conf import settings

from apps.seals import tree
from apps.seals.models import Subtree
from apps.seals.nodes import HEIGHT, WIDTH


class SealedOrder:
    """The newest event that each head covers, and whether a leaf was sealed in its turn.

    Of what was committed late the sealer takes only what is not settled (`overdue`). It has run at
    the time of the head before, so below what was settled then it took nothing more.
    """

    def __init__(self, heads):
        self._heads = {head.size: head for head in heads}
        self._top = self._settled = 0
        # (time of sealing, newest event) of the heads that are not settled yet
        self._passed: deque[tuple[datetime, int]] = deque()

    def findings(self, number, event_id):
        """What is wrong with the leaf `number` of this event; the leaves come in their order."""
        if event_id <= self._settled:
            yield (
                f"办理记录 #{event_id} 是后来插入的："
                f"它成为第 {number} 条存证时，比它晚的记录早已存证。"
            )
        self._top = max(self._top, event_id)
        head = self._heads.get(number + 1)
        if head is None:
            return
        if head.last_event_id != self._top:
            yield f"树头 {head.number} 写的最后一条记录不对：应该是 #{self._top}。"
        self._passed.append((head.sealed_at, self._top))
        since = head.sealed_at - settings.SEAL_LATE_WITHIN
        while self._passed and self._passed[0][0] <= since:
            self._settled = self._passed.popleft()[1]


class Regrown:
    """The stored subtrees, grown again from the leaves that have a head."""

    def __init__(self):
        self._rows: dict[
            int, list[bytes]
        ] = {}  # level → the nodes that wait for the rest of their subtree
        self._grown: dict[int, list[bytes]] = {}  # level → the hashes of its subtrees

    def add(self, leaf):
        """The hash of the next leaf."""
        self._add(0, leaf)

    def _add(self, level, node):
        row = self._rows.setdefault(level, [])
        row.append(node)
        if len(row) == WIDTH:
            above, found = level + HEIGHT, tree.reduced(row)
            self._grown.setdefault(above, []).append(found)
            row.clear()
            self._add(above, found)

    def first_wrong(self):
        """The first stored subtree that is missing or another one, in words; "" if none is."""
        columns = Subtree.objects.values_list("level", "position", "digest")
        there = {(level, position): bytes(digest) for level, position, digest in columns}
        for level, grown in sorted(self._grown.items()):
            for position, digest in enumerate(grown):
                if there.get((level, position)) != digest:
                    return f"存好的节点（第 {level} 层第 {position} 个）不对：它和下面的存证不符。"
        return ""
