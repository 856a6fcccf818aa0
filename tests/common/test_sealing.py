"""Files that only the application can read."""

import io

import pytest
from cryptography.fernet import Fernet, InvalidToken

from apps.common import sealing


def sealed(content):
    target = io.BytesIO()
    sealing.seal(io.BytesIO(content), target)
    return target.getvalue()


def unsealed(content):
    target = io.BytesIO()
    sealing.unseal(io.BytesIO(content), target)
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, sealing.PIECE, sealing.PIECE + 1, 3 * sealing.PIECE])
def test_what_is_sealed_comes_back(size):
    content = bytes(range(256)) * (size // 256) + b"\n" * (size % 256)
    assert unsealed(sealed(content)) == content


def test_the_sealed_file_shows_nothing():
    assert b"379999198506150018" not in sealed(b"379999198506150018" * 100)


def test_a_changed_file_is_refused():
    broken = bytearray(sealed(b"content"))
    broken[40] ^= 1
    with pytest.raises(InvalidToken):
        unsealed(bytes(broken))


def test_a_file_outlives_a_new_key(settings):
    content = sealed(b"content")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert unsealed(content) == b"content"
