"""Public references, used in URLs and on paper instead of a primary key."""

import os
import re

# No 0/O, 1/I/L, U: read aloud on the telephone without mistakes.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
# The letter of each byte. Bytes of an incomplete round would make the first letters more frequent.
_LETTERS = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_UNFAIR = bytes(range(256 // len(_ALPHABET) * len(_ALPHABET), 256))
_MORE = 24  # bytes that are read at once; fewer than 16 of them are fair once in a million times
_KEY = re.compile(r"[0-9]{1,18}")


def in_data(data, name):
    """The reference that a request names as `name`; "" for a text that can be none.

    `data` is its query string or form.
    """
    text = data.get(name, "")
    return text if can_be(text) else ""


def key_in_data(data, name):
    """The key of a row that a request names as `name`; None for a text that can be none.

    `data` is its query string or form. A database compares no larger numbers than those.
    """
    text = data.get(name, "")
    return int(text) if _KEY.fullmatch(text) else None


def can_be(text):
    """Whether `text` can be a reference: a database does not even compare all that is sent."""
    return text.isascii() and text.isalnum()


def new_reference():
    """16 characters with 78 random bits: unique in practice, and impossible to guess."""
    letters = b""
    while len(letters) < LENGTH:
        letters += os.urandom(_MORE).translate(_LETTERS, _UNFAIR)
    return letters[:LENGTH].decode()
