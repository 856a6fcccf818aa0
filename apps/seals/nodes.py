"""The nodes of the tree as the database holds them.

Stored are the leaves and every eighth level above (`Subtree`); a node in between is computed from
up to 256 hashes below it. A proof in a tree of a million leaves reads three ranges of 256 rows.
"""

from apps.seals import tree
from apps.seals.models import Leaf, Subtree

HEIGHT = 8
WIDTH = 1 << HEIGHT


def stored(level, start, end):
    """The hashes of the stored nodes of `level` from number `start` to before `end`."""
    if level == 0:
        leaves = Leaf.objects.filter(number__gte=start, number__lt=end).order_by("number")
        digests = leaves.values_list("digest", flat=True)
    else:
        there = Subtree.objects.filter(level=level, position__gte=start, position__lt=end)
        digests = there.order_by("position").values_list("digest", flat=True)
    return [bytes(digest) for digest in digests]


class StoredNodes:
    """`node(level, index)` for apps.seals.tree; keeps what it has read.

    Raises ValueError or IndexError where rows are missing.
    """

    def __init__(self):
        self._blocks = {}

    def __call__(self, level, index):
        base = level - level % HEIGHT
        size = 1 << (level - base)
        block, offset = divmod(index * size, WIDTH)
        return tree.reduced(self._block(base, block)[offset : offset + size])

    def _block(self, base, block):
        if (base, block) not in self._blocks:
            start = block * WIDTH
            self._blocks[base, block] = stored(base, start, start + WIDTH)
        return self._blocks[base, block]
