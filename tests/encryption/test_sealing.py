"""Files that only the application can read."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from apps.encryption import sealing
from apps.encryption.ciphers import InvalidToken
from apps.encryption.sealed_storage import UnreadableFile
from apps.encryption.sealing import PIECE
from tests.factories.people import make_holder
from tests.keys import new_field_key

SEALED_PIECE = PIECE + 16


def sealed(content):
    target = io.BytesIO()
    sealing.seal(io.BytesIO(content), target)
    return target.getvalue()


def unsealed(content):
    return sealing.Unsealed(io.BytesIO(content))


@pytest.mark.parametrize("name", ["AES-256-GCM", "SM4-GCM"])
@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_is_sealed_comes_back_from_any_position(settings, name, size):
    settings.FIELD_CIPHER = name
    content = (bytes(range(256)) * (size // 256 + 1))[:size]
    token = sealed(content)
    settings.FIELD_CIPHER = "AES-256-GCM"
    assert name.encode() in token
    file = unsealed(token)
    assert (file.read(), file.size) == (content, size)
    file.seek(-min(size, 5), io.SEEK_END)
    assert file.read() == content[max(0, size - 5) :]


def test_the_sealed_file_shows_nothing():
    assert b"379999198506150018" not in sealed(b"379999198506150018" * 100)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda head, body: head + body[:40] + bytes([body[40] ^ 1]) + body[41:],
        lambda head, body: head + body[:-1],
        lambda head, body: head + body[:SEALED_PIECE],  # its end is cut off between two pieces
        lambda head, body: head + body[SEALED_PIECE : 2 * SEALED_PIECE] + body,  # moved
        lambda head, body: head.replace(b"AES-256", b"SM4") + body,
        lambda head, body: head,
        lambda head, body: b"a file in the clear",
        lambda head, body: b"",
    ],
)
def test_a_file_that_was_changed_cut_off_or_put_together_anew_is_refused(spoil):
    head, body = sealed(bytes(2 * PIECE + 10)).split(b"\n", 1)
    with pytest.raises(InvalidToken):
        unsealed(spoil(head + b"\n", body)).read()


def test_a_file_outlives_a_new_key(settings):
    content = sealed(b"content")
    settings.FIELD_KEYS = [new_field_key(), *settings.FIELD_KEYS]
    assert unsealed(content).read() == b"content"
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    with pytest.raises(InvalidToken, match="no key"):
        unsealed(content)


@pytest.fixture
def stored(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return default_storage.save("portraits/a.jpg", ContentFile(b"a picture" * 9000))


def test_the_disk_holds_no_picture(stored, tmp_path):
    raw = (tmp_path / stored).read_bytes()
    assert b"a picture" not in raw
    assert (tmp_path / stored).stat().st_mode & 0o777 == 0o600
    assert default_storage.size(stored) == 81000
    with default_storage.open(stored) as file:
        assert file.read() == b"a picture" * 9000


def test_a_file_that_was_replaced_on_the_disk_is_an_error_of_the_disk(stored, tmp_path):
    (tmp_path / stored).write_bytes(b"another picture")
    with pytest.raises(UnreadableFile):
        default_storage.open(stored)


def test_files_are_sealed_again_with_another_key_and_cipher(settings, stored, tmp_path):
    old = settings.FIELD_KEYS[0]
    settings.FIELD_KEYS, settings.FIELD_CIPHER = [new_field_key(), old], "SM4-GCM"
    assert default_storage.reseal(stored) is True
    assert default_storage.reseal(stored) is False
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert (tmp_path / stored).read_bytes().startswith(b"SEALED-1 SM4-GCM ")
    with default_storage.open(stored) as file:
        assert file.read() == b"a picture" * 9000
    assert [path.name for path in (tmp_path / "portraits").iterdir()] == ["a.jpg"]


@pytest.mark.django_db
def test_the_command_seals_what_rows_name(settings, stored, tmp_path, capsys):
    make_holder(reference_photo=stored)
    settings.FIELD_KEYS = [new_field_key(), *settings.FIELD_KEYS]
    call_command("reencrypt")
    assert "people.Holder.reference_photo: 1\n" in capsys.readouterr().out
