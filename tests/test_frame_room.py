"""A request has room for its frames in one piece: no loop in it maps memory at each turn."""

import resource
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import pytest

from sbk_portal.frame_room import with_room_for_frames

DEPTHS, TURNS = range(1, 300, 2), 200


def nothing():
    pass


# Its frame is larger than one of the recursion, so that at some depth it fits no more.
nothing.__code__ = nothing.__code__.replace(co_stacksize=100)


def loop_at(depth, start_response=None):
    """How often memory was touched anew while a function is called in a loop, so deep."""
    if depth > 1:
        return loop_at(depth - 1)
    for _ in range(3):
        nothing()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(TURNS):
        nothing()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def worst(application):
    """At all depths, in a thread of its own, as a request is: its frames begin at the bottom."""
    with ThreadPoolExecutor(1) as thread:
        return max(thread.map(application, DEPTHS, repeat(None)))


def test_no_depth_maps_memory_at_each_turn():
    if worst(loop_at) < TURNS // 2:
        pytest.skip("this Python keeps the chunk that it has just left")
    assert worst(with_room_for_frames(loop_at)) < TURNS // 2
