"""Public references, used in URLs and on paper instead of a primary key."""

import re
import secrets

# No 0/O, 1/I/L, U: read aloud on the telephone without mistakes.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_POSSIBLE = len(_ALPHABET) ** LENGTH
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
    number, letters = secrets.randbelow(_POSSIBLE), []
    for _ in range(LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)
