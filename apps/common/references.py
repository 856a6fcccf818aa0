"""Public references, used in URLs and on paper instead of a primary key."""

import secrets

# No 0/O, 1/I/L, U: read aloud on the telephone without mistakes.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16


def in_data(data, name):
    """The reference that a request names as `name`; "" for a text that can be none.

    `data` is its query string or form.
    """
    text = data.get(name, "")
    return text if can_be(text) else ""


def can_be(text):
    """Whether `text` can be a reference: a database does not even compare all that is sent."""
    return text.isascii() and text.isalnum()


def new_reference():
    """16 characters with 78 random bits: unique in practice, and impossible to guess."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
