"""A command whose output nobody reads any more (`manage.py doctor | head`) ends without a word."""

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# What the shell says of a program that ended by SIGPIPE.
EXIT_CODE = 141


@contextmanager
def ends_with_its_reader() -> Iterator[None]:
    """Exit when a write fails because the reader of the standard output has left.

    Not by SIGPIPE: a connection that a server has closed would end the process too.
    """
    try:
        try:
            yield
        finally:
            # By itself Python would write the rest after the last handler of errors.
            sys.stdout.flush()
    except BrokenPipeError:
        if not _has_left():
            raise
        # Python flushes once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_CODE)


def _has_left() -> bool:
    poll = select.poll()
    poll.register(sys.stdout.fileno(), select.POLLOUT)
    return any(event & select.POLLERR for _, event in poll.poll(0))
