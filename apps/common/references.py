"""Public references, used in URLs and on paper instead of a primary key."""

import secrets

# No 0/O, 1/I/L, U: read aloud on the telephone without mistakes.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16


def in_data(data, name):
    """The reference that a request names as `name`; "" for a text that can be none.

    `data` is its query string or form. A database would not even compare some of what is sent.
    """
    text = data.get(name, "")
    return text if text.isascii() and text.isalnum() else ""


def new_reference():
    """16 characters with 78 random bits: unique in practice, and impossible to guess."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
