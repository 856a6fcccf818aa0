"""What is sealed is read by the holder of the key only, whole and unchanged."""

import io

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from apps.encryption import sealed_boxes
from apps.encryption.sealed_boxes import PIECE, TAG, NotOpened, Reader, Writer

KEY = X25519PrivateKey.generate()
HEAD = len(sealed_boxes.MAGIC) + 32


def sealed(data):
    file = io.BytesIO()
    with Writer(file, KEY.public_key()) as writer:
        for start in range(0, len(data), 300_000):
            writer.write(data[start : start + 300_000])
    return file.getvalue()


def opened(content, key=KEY):
    return io.BufferedReader(Reader(io.BytesIO(content), key)).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 5])
def test_what_is_sealed_can_be_opened(size):
    data = bytes(index * 7 % 251 for index in range(size))
    content = sealed(data)
    # A short piece may stand in the random bytes by chance.
    assert size < PIECE - 1 or data[:100] not in content
    assert opened(content) == data


def test_another_key_opens_nothing():
    with pytest.raises(NotOpened):
        opened(sealed(b"secret"), X25519PrivateKey.generate())


def test_a_writer_that_is_left_by_an_error_leaves_nothing_that_opens():
    file = io.BytesIO()
    writer = Writer(file, KEY.public_key())
    writer.write(b"half")
    writer.__exit__(KeyError, KeyError(), None)
    del writer
    with pytest.raises(NotOpened):
        opened(file.getvalue())


THREE = sealed(bytes(2 * PIECE + 5))
SECOND = HEAD + PIECE + TAG


@pytest.mark.parametrize(
    "content",
    [
        b"something else",
        THREE[:-1],
        THREE[:SECOND],  # whole pieces, but the last ones are gone
        THREE[: HEAD + 5] + bytes([THREE[HEAD + 5] ^ 1]) + THREE[HEAD + 6 :],
        THREE[:HEAD] + THREE[SECOND : SECOND + PIECE + TAG] + THREE[HEAD:SECOND],
        THREE + b"x",
    ],
    ids=["other", "short", "cut", "changed", "reordered", "longer"],
)
def test_what_was_changed_or_cut_off_is_refused(content):
    with pytest.raises(NotOpened):
        opened(content)


def test_the_private_key_is_for_its_owner_and_never_overwritten(tmp_path):
    sealed_boxes.new_key(tmp_path / "backup")
    private = tmp_path / "backup.private"
    assert private.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        sealed_boxes.new_key(tmp_path / "backup")
    key = sealed_boxes.read_private(private.read_bytes())
    public = sealed_boxes.read_public((tmp_path / "backup.public").read_text())
    assert key.public_key() == public
