"""Encrypted files, for data that must not be stored on a disk in the clear.

A file is sealed in pieces of one length, so that its size costs no memory and any part of it can be
read. Its first line names the cipher, the key, and a random number of the file; a key of its own is
derived of them. Each piece is bound to that line, to its place, and to being the last one or not: a
piece that was changed, moved, or cut off is found out (the STREAM construction).
"""

import io
import os
from functools import partial

from cryptography.exceptions import InvalidTag

from apps.encryption import ciphers
from apps.encryption.ciphers import NONCE_BYTES, TAG_BYTES, InvalidToken

PIECE = 64 * 1024
_SALT_BYTES = 16
_MARK = "SEALED-1"
_LONGEST_HEAD = 120


def pieces(source):
    """The sealed parts of the rest of the binary file `source`, from its present position."""
    salt = os.urandom(_SALT_BYTES)
    name, key = ciphers.newest()
    head = f"{_MARK} {name} {key} {salt.hex()}\n".encode()
    cipher = ciphers.cipher_of(name, key, salt=salt)
    yield head
    piece, number = source.read(PIECE), 0
    for following in iter(partial(source.read, PIECE), b""):
        yield cipher.encrypt(_nonce(number), piece, _about(head, is_last=False))
        piece, number = following, number + 1
    yield cipher.encrypt(_nonce(number), piece, _about(head, is_last=True))


def seal(source, target):
    """Encrypt the rest of the binary file `source` into `target`."""
    for part in pieces(source):
        target.write(part)


def is_newest(source):
    """Whether the file was sealed with the present cipher and key; None if it is not sealed."""
    source.seek(0)
    try:
        name, key, _ = _read_head(source)
    except InvalidToken:
        return None
    return (name, key) == ciphers.newest()


class Unsealed(io.RawIOBase):
    """A sealed binary file as it was before, to be read from any position.

    Raises `InvalidToken` when a part was changed, when parts are missing, or when no key fits.
    """

    def __init__(self, source):
        super().__init__()
        self.source = source
        source.seek(0)
        name, key, salt = _read_head(source)
        self._head_bytes = source.tell()
        source.seek(0)
        self._head = source.read(self._head_bytes)
        self._cipher = ciphers.cipher_of(name, key, salt=salt)
        sealed = source.seek(0, io.SEEK_END) - self._head_bytes
        self._count = max(1, -(-sealed // (PIECE + TAG_BYTES)))
        self.size = sealed - self._count * TAG_BYTES
        if self.size < 0:
            raise InvalidToken("cut off")
        self._position, self._open = 0, (-1, b"")
        self._piece(self._count - 1)  # whether the end is there

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self._position

    def seek(self, offset, whence=io.SEEK_SET):
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer):
        if self._position >= self.size:
            return 0
        number, start = divmod(self._position, PIECE)
        found = self._piece(number)[start : start + len(buffer)]
        buffer[: len(found)] = found
        self._position += len(found)
        return len(found)

    def close(self):
        self.source.close()
        super().close()

    def _piece(self, number):
        if self._open[0] != number:
            self.source.seek(self._head_bytes + number * (PIECE + TAG_BYTES))
            about = _about(self._head, is_last=number == self._count - 1)
            try:
                piece = self._cipher.decrypt(
                    _nonce(number), self.source.read(PIECE + TAG_BYTES), about
                )
            except InvalidTag as error:
                raise InvalidToken("changed, or cut off") from error
            self._open = number, piece
        return self._open[1]


def _read_head(source):
    """(name of the cipher, name of the key, salt) of the first line."""
    try:
        mark, name, key, salt = source.readline(_LONGEST_HEAD).decode("ascii").split()
        if mark != _MARK:
            raise ValueError(mark)
        return name, key, bytes.fromhex(salt)
    except ValueError as error:
        raise InvalidToken("not sealed") from error


def _nonce(number):
    return number.to_bytes(NONCE_BYTES, "big")


def _about(head, *, is_last):
    return head + bytes([is_last])
