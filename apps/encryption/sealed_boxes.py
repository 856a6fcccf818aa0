"""Seals a stream for whoever holds a private key; nobody else can read it, or change it unnoticed.

The portal has the public key only: of whoever keeps its backups, and of a card bureau. Opening
needs this file and the library `cryptography`, neither Django nor the settings of a portal:

    python sealed_boxes.py new-key NAME              makes NAME.private and NAME.public
    python sealed_boxes.py open FILE --key KEY       writes what is in FILE to the output
    python sealed_boxes.py open-folder FOLDER --key KEY --into TARGET
                                                     opens every *.sealed below FOLDER into TARGET

The format: MAGIC, the sender's X25519 key of this one file (32 bytes), then pieces of 1 MiB, each
under ChaCha20-Poly1305. The key comes by HKDF-SHA-256 from the shared secret and both public keys;
the nonce is the number of the piece (11 bytes) and whether it is the last (1 byte), so that pieces
can be neither changed, reordered nor cut off.
"""

import argparse
import base64
import binascii
import io
import os
import sys
from pathlib import Path

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"sbk-sealed-1\n"
PIECE = 1024 * 1024  # bytes
TAG = 16  # bytes that the cipher adds to a piece
SUFFIX = ".sealed"  # of the name of a sealed file


class NotOpened(Exception):
    """The key does not fit, or the file was changed or cut off."""


def new_key(name: Path) -> None:
    """Write NAME.private (mode 0600) and NAME.public. Raises FileExistsError."""
    private = X25519PrivateKey.generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    descriptor = os.open(f"{name}.private", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    Path(f"{name}.public").write_bytes(public)


def read_public(pem: str) -> X25519PublicKey:
    """The key in PEM, or in the middle line of a PEM alone. Raises ValueError for anything else."""
    try:
        if pem.lstrip().startswith("-----"):
            key = serialization.load_pem_public_key(pem.encode())
        else:
            key = serialization.load_der_public_key(base64.b64decode(pem, validate=True))
    except (binascii.Error, UnsupportedAlgorithm) as error:
        raise ValueError("not a public key") from error
    if not isinstance(key, X25519PublicKey):
        raise ValueError("not an X25519 key")
    return key


def read_private(pem: bytes) -> X25519PrivateKey:
    """Raises ValueError for anything else than an X25519 private key in PEM."""
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, X25519PrivateKey):
        raise ValueError("not an X25519 key")
    return key


def _cipher(secret: bytes, *public_keys: bytes) -> ChaCha20Poly1305:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"".join(public_keys), info=MAGIC)
    return ChaCha20Poly1305(derivation.derive(secret))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Writer(io.RawIOBase):
    """Seals what is written to it into the binary `file`, for the holder of `key`.

    To be used in a `with` block: only its end makes the file whole. After an exception, or when the
    process dies, what was written cannot be opened.
    """

    def __init__(self, file, key: X25519PublicKey):
        mine = X25519PrivateKey.generate()
        public = mine.public_key().public_bytes_raw()
        self._cipher = _cipher(mine.exchange(key), public, key.public_bytes_raw())
        self._file, self._rest, self._number = file, bytearray(), 0
        file.write(MAGIC + public)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._rest += data
        while len(self._rest) > PIECE:
            self._put(bytes(self._rest[:PIECE]), is_last=False)
            del self._rest[:PIECE]
        return len(data)

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, piece, None))
        self._number += 1

    def __exit__(self, kind, *error) -> None:
        if kind is None:
            self._put(bytes(self._rest), is_last=True)
        self.close()


class Reader(io.RawIOBase):
    """Reads what was sealed into the binary `file`. Raises `NotOpened`."""

    def __init__(self, file, key: X25519PrivateKey):
        if file.read(len(MAGIC)) != MAGIC:
            raise NotOpened("not a sealed file")
        public = file.read(32)
        secret = key.exchange(X25519PublicKey.from_public_bytes(public))
        self._cipher = _cipher(secret, public, key.public_key().public_bytes_raw())
        self._file, self._open, self._number = file, b"", 0
        self._next = file.read(PIECE + TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._open and self._next is not None:
            self._take()
        count = min(len(buffer), len(self._open))
        buffer[:count], self._open = self._open[:count], self._open[count:]
        return count

    def _take(self) -> None:
        piece, following = self._next, self._file.read(PIECE + TAG)
        nonce = _nonce(self._number, is_last=not following)
        try:
            self._open = self._cipher.decrypt(nonce, piece, None)
        except InvalidTag:
            raise NotOpened("the key does not fit, or the file was changed or cut off") from None
        self._number += 1
        self._next = following or None


def seal(data: bytes, key: X25519PublicKey) -> bytes:
    """`data` sealed for the holder of `key`."""
    file = io.BytesIO()
    with Writer(file, key) as writer:
        writer.write(data)
    return file.getvalue()


def open_file(path: Path, key: X25519PrivateKey, target) -> None:
    """Write what is in the sealed file `path` into the binary `target`. Raises `NotOpened`."""
    with path.open("rb") as file:
        reader = io.BufferedReader(Reader(file, key))
        while piece := reader.read(PIECE):
            target.write(piece)


def open_folder(folder: Path, key: X25519PrivateKey, into: Path) -> list[Path]:
    """Open every sealed file below `folder` into `into`, and return their paths.

    Only the owner can read them. Raises `NotOpened`; a file that does not open leaves nothing.
    """
    opened = []
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        target = into / path.relative_to(folder).with_suffix("")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                open_file(path, key, file)
        except NotOpened as error:
            target.unlink()
            raise NotOpened(f"{path}: {error}") from None
        opened.append(target)
    return opened


def main() -> None:
    asked = _arguments()
    if asked.verb == "new-key":
        new_key(asked.name)
        return
    try:
        key = read_private(asked.key.read_bytes())
        if asked.verb == "open":
            open_file(asked.file, key, sys.stdout.buffer)
        else:
            print(f"{len(open_folder(asked.folder, key, asked.into))} files opened")
    except (NotOpened, ValueError) as error:
        sys.exit(f"{error}")


def _arguments():
    parser = argparse.ArgumentParser(description="Keys of sealed files, and what they open.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("new-key").add_argument("name", type=Path)
    opening = verbs.add_parser("open")
    opening.add_argument("file", type=Path)
    opening.add_argument("--key", type=Path, required=True)
    opening = verbs.add_parser("open-folder")
    opening.add_argument("folder", type=Path)
    opening.add_argument("--key", type=Path, required=True)
    opening.add_argument("--into", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
