"""Refuses passwords that are known from breaches, where the unit has a list of them.

The list is a file with one SHA-1 in hexadecimal digits a line, sorted, after it a colon and a count
if wanted: as the list of Have I Been Pwned is handed out, ordered by hash. It may be tens of
gigabytes large: a password is found by some forty reads. Nothing leaves the machine.
"""

import hashlib
import logging
import os

from django.conf import settings
from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)

_LONGEST_LINE = 64  # bytes: 40 digits, a colon and a count


class BreachedPasswordValidator:
    """Refuses a password that stands in the file `BREACHED_PASSWORDS`."""

    def validate(self, password, user=None):
        if not settings.BREACHED_PASSWORDS:
            return
        try:
            with open(settings.BREACHED_PASSWORDS, "rb") as file:
                is_known = holds(file, hash_of(password))
        except OSError:
            logger.exception("the list of breached passwords cannot be read")
            return
        if is_known:
            raise ValidationError(
                "这个密码在别处泄露过，别人会拿它来试。请换一个，也不要和别的网站用同一个。",
                code="breached",
            )

    def get_help_text(self):
        return "不能用在别处泄露过的密码。"


def hash_of(password):
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()


def holds(file, wanted):
    """Whether a line of the sorted `file` begins with `wanted`: a search by halves."""
    low, high = 0, file.seek(0, os.SEEK_END)
    while low < high:
        middle = (low + high) // 2
        start, line = _line_after(file, middle, high)
        found = line[: len(wanted)].upper()
        if line and found == wanted:
            return True
        if line and found < wanted:
            low = start + len(line)
        else:
            high = middle
    return False


def _line_after(file, place, end):
    """(its beginning, the line) of the first line that begins at `place` or later, before `end`."""
    file.seek(max(place - 1, 0))
    skipped = file.readline(_LONGEST_LINE) if place else b""
    start = place - 1 + len(skipped) if place else 0
    return (start, file.readline(_LONGEST_LINE)) if start < end else (end, b"")
