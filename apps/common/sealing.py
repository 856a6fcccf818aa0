"""Encrypted files, for data that must not be stored on a disk in the clear.

A file is sealed in pieces, one token a line, so that its size costs no memory. The keys are those
of the encrypted columns; a file outlives a change of keys as long as the old one is kept.
"""

from functools import partial

from apps.common.fields import cipher

PIECE = 128 * 1024


def seal(source, target):
    """Encrypt the rest of the binary file `source`, from its present position, into `target`."""
    for piece in iter(partial(source.read, PIECE), b""):
        target.write(cipher().encrypt(piece) + b"\n")


def unseal(source, target):
    """Decrypt the sealed file `source` into `target`.

    Raises `cryptography.fernet.InvalidToken` when a piece was changed or no key fits.
    """
    for line in source:
        target.write(cipher().decrypt(line.strip()))
