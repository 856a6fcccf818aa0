"""Eight processes that all want the same rows. Ours and theirs share it: it knows no library."""

import multiprocessing
import time

FORK = multiprocessing.get_context("fork")
PROCESSES = 8


def contest(move, keys, *, let_go):
    """Let all processes call `move` with each of `keys`, in order: (seconds, how many moved).

    `move(key)` says how many moves it did, 0 or 1. `let_go()` closes every database connection, so
    that no two processes go on with one that they inherited.
    """
    told, together = FORK.Queue(), FORK.Barrier(PROCESSES)
    let_go()
    processes = [
        FORK.Process(target=_take_part, args=(move, keys, let_go, together, told))
        for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    lines = [told.get(timeout=600) for _ in processes]
    for process in processes:
        process.join()
    return (
        max(ended for _, _, ended in lines) - min(began for _, began, _ in lines),
        sum(moves for moves, _, _ in lines),
    )


def _take_part(move, keys, let_go, together, told):
    together.wait()
    began = time.monotonic()
    moves = sum(move(key) for key in keys)
    told.put((moves, began, time.monotonic()))
    let_go()
