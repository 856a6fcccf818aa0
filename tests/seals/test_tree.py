"""The tree of RFC 9162 §2.1, against the vectors of the reference implementations of RFC 6962.

The leaves, roots and proofs are those that the Certificate Transparency implementations in C++ and
in Go share. The exhaustive tests compare with the recursive definition of the RFC.
"""

import hashlib

import pytest

from apps.seals import tree

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (number of the leaf, size, path)
INCLUDED = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
# (old size, new size, path)
CONSISTENT = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (
        3,
        7,
        [
            "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
            "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e",
        ],
    ),
    (4, 8, ["6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
]
MANY = [b"%d" % number for number in range(40)]


def defined(leaves):
    """MTH of RFC 9162 §2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:half]) + defined(leaves[half:])).digest()


def nodes(leaves):
    """`node` of the complete subtrees of `leaves`."""
    hashes = [tree.leaf_hash(leaf) for leaf in leaves]

    def node(level, index):
        size = 1 << level
        assert (index + 1) * size <= len(leaves), "asked for a subtree that is not complete"
        return tree.reduced(hashes[index * size : (index + 1) * size])

    return node


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_roots_are_those_of_the_reference(size):
    frontier = tree.Frontier()
    for leaf in LEAVES[:size]:
        frontier.add(tree.leaf_hash(leaf))
    assert frontier.root.hex() == ROOTS[size]
    assert tree.root(size, nodes(LEAVES[:size])).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUDED)
def test_inclusion_paths_are_those_of_the_reference(index, size, path):
    found = tree.inclusion_path(index, size, nodes(LEAVES[:size]))
    assert [sibling.hex() for sibling in found] == path
    leaf = tree.leaf_hash(LEAVES[index])
    assert tree.is_included(leaf, index, size, found, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "size", "path"), CONSISTENT)
def test_consistency_paths_are_those_of_the_reference(old, size, path):
    found = tree.consistency_path(old, size, nodes(LEAVES[:size]))
    assert [sibling.hex() for sibling in found] == path
    roots = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[size])
    assert tree.is_consistent(old, size, *roots, found)


def test_every_leaf_of_every_small_tree_is_proven_and_no_other_one():
    for size in range(1, 20):
        node, expected = nodes(MANY[:size]), defined(MANY[:size])
        assert tree.root(size, node) == expected
        for index in range(size):
            path = tree.inclusion_path(index, size, node)
            leaf = tree.leaf_hash(MANY[index])
            assert tree.is_included(leaf, index, size, path, expected)
            assert not tree.is_included(tree.leaf_hash(b"x"), index, size, path, expected)
            assert not tree.is_included(leaf, index, size, [*path, leaf], expected)
            assert not tree.is_included(leaf, index, size + size, path, expected)
            if path:
                assert not tree.is_included(leaf, index, size, path[:-1], expected)
                assert not tree.is_included(leaf, index ^ 1, size, path, expected)


def test_every_beginning_of_every_small_tree_is_proven_and_no_other_one():
    roots = [defined(MANY[:size]) for size in range(21)]
    for size in range(1, 20):
        node = nodes(MANY[:size])
        for old in range(size + 1):
            path = tree.consistency_path(old, size, node)
            assert tree.is_consistent(old, size, roots[old], roots[size], path), (old, size)
            other = defined([b"x", *MANY[1:old]]) if old else roots[1]
            assert not tree.is_consistent(old, size, other, roots[size], path), (old, size)
            wrong = [*path, roots[1]]
            assert not tree.is_consistent(old, size, roots[old], roots[size], wrong)
            if path:
                assert not tree.is_consistent(old, size, roots[old], roots[size], path[1:])
                assert not tree.is_consistent(old, size, roots[old], roots[20], path)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_that_is_not_in_the_tree_has_no_path(index, size):
    with pytest.raises(ValueError, match="not in a tree"):
        tree.inclusion_path(index, size, nodes(MANY[:size]))
    assert not tree.is_included(b"", index, size, [], b"")


def test_a_longer_tree_is_no_beginning():
    with pytest.raises(ValueError, match="no beginning"):
        tree.consistency_path(4, 3, nodes(MANY[:3]))
    assert not tree.is_consistent(4, 3, b"", b"", [])
