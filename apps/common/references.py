"""Public references: what stands in URLs and on papers instead of a primary key."""

import secrets

# No 0/O, 1/I/L, U: read aloud on the telephone without mistakes.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16


def new_reference():
    """16 characters with 78 bits of chance: unique in practice, and not to be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
