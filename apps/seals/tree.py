"""The Merkle tree of RFC 9162 §2.1: hashes, inclusion and consistency proofs. SHA-256, no rows.

The tree is addressed by its complete subtrees: `node(level, index)` is the hash of the 2**level
leaves from number `index * 2**level` on. Whoever makes a proof passes such a function; it is asked
for complete subtrees only.
"""

import hashlib

EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(data):
    """The hash of a leaf with the bytes `data`."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left, right):
    """The hash of the node above `left` and `right`."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(size, node):
    """The root of the tree with `size` leaves (§2.1.1)."""
    return _hash_of(0, size, node) if size else EMPTY_ROOT


def inclusion_path(index, size, node):
    """The hashes that lead from the leaf `index` to the root of `size` leaves (§2.1.3.1).

    Raises ValueError for a leaf that is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _left_size(end - start)
        if index < middle:
            path.append(_hash_of(middle, end, node))
            end = middle
        else:
            path.append(_hash_of(start, middle, node))
            start = middle
    return path[::-1]


def consistency_path(old, size, node):
    """The hashes that prove the tree of `old` leaves a beginning of that of `size` (§2.1.4.1).

    Raises ValueError unless 0 <= old <= size.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {old} is no beginning of one of {size}")
    if old in (0, size):
        return []
    path = []
    start, end, is_whole = 0, size, True
    while old != end:
        middle = start + _left_size(end - start)
        if old <= middle:
            path.append(_hash_of(middle, end, node))
            end = middle
        else:
            path.append(_hash_of(start, middle, node))
            start, is_whole = middle, False
    if not is_whole:
        path.append(_hash_of(start, end, node))
    return path[::-1]


def root_by_inclusion(leaf, index, size, path):
    """The root that `path` leads to from the hash `leaf` (§2.1.3.2). ValueError for a bad path."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    number, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ValueError("the path is too long")
        if number & 1 or number == last:
            found = node_hash(sibling, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        number, last = number >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return found


def is_included(leaf, index, size, path, expected):
    """Whether `path` proves the hash `leaf` to be leaf `index` of the tree with this root."""
    try:
        return root_by_inclusion(leaf, index, size, path) == expected
    except ValueError:
        return False


def is_consistent(old, size, old_root, new_root, path):
    """Whether `path` proves the tree `old_root` a beginning of the tree `new_root` (§2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    if old == size:
        return not path and old_root == new_root
    path = list(path)
    if old & (old - 1) == 0:  # a power of two: the old root is itself a node of the new tree
        path.insert(0, old_root)
    if not path:
        return False
    number, last = old - 1, size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        number, last = number >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


class Frontier:
    """The right edge of a growing tree: all that is needed to add leaves and to know the root."""

    def __init__(self):
        self.size = 0
        self._peaks = []  # (level, hash) of the complete subtrees, the largest first

    def add(self, leaf):
        """Append the hash of one leaf."""
        level, found = 0, leaf
        while self._peaks and self._peaks[-1][0] == level:
            found = node_hash(self._peaks.pop()[1], found)
            level += 1
        self._peaks.append((level, found))
        self.size += 1

    @property
    def root(self):
        if not self._peaks:
            return EMPTY_ROOT
        found = self._peaks[-1][1]
        for _, left in self._peaks[-2::-1]:
            found = node_hash(left, found)
        return found


def reduced(hashes):
    """The hash above the list `hashes`, nodes of one level side by side; their number is 2**n."""
    while len(hashes) > 1:
        hashes = [
            node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)
        ]
    return hashes[0]


def _left_size(size):
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def _hash_of(start, end, node):
    """The hash of the leaves from `start` to before `end`; `start` is where a subtree begins."""
    size = end - start
    if size & (size - 1) == 0:
        return node(size.bit_length() - 1, start // size)
    middle = start + _left_size(size)
    return node_hash(_hash_of(start, middle, node), _hash_of(middle, end, node))
