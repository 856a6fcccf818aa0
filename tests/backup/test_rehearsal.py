"""A backup is restored into an empty place, and what comes out is what went in.

On SQLite; `make deploy-check` does it on PostgreSQL.
"""

import io
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from apps.backup import making, restoring
from apps.backup.links import Links
from apps.encryption import sealed_boxes
from apps.people.models import Holder
from tests.factories.people import make_holder

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="copies a file of SQLite"),
]
PHOTO = b"a picture that is larger than nothing"


@pytest.fixture
def key(tmp_path):
    sealed_boxes.new_key(tmp_path / "key")
    return tmp_path / "key"


@pytest.fixture
def backup(tmp_path, key, settings):
    settings.VAR_DIR = tmp_path / "var"
    settings.BACKUP_KEY = (key.with_suffix(".public")).read_text()
    make_holder(name="欧阳修远", reference_photo=ContentFile(PHOTO, name="photo.jpg"))
    output = io.StringIO()
    call_command("backup", to=tmp_path / "backups", stdout=output)
    assert "文件 1 个" in output.getvalue()
    [folder] = (tmp_path / "backups").iterdir()
    return folder


def restore(folder, key, var, **changed):
    """`manage.py restore` of a process of its own, whose data would be in `var`."""
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env |= {"FIELD_KEYS": ",".join(settings.FIELD_KEYS), "INDEX_KEY": ",".join(settings.INDEX_KEYS)}
    env |= {"SBK_VAR_DIR": str(var)} | changed
    return subprocess.run(
        [sys.executable, "manage.py", "restore", folder, f"--key={key}.private"],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.slow
def test_a_backup_comes_back_whole_and_tells_nothing_before(backup, key, tmp_path):
    content = b"".join(path.read_bytes() for path in backup.iterdir())
    assert PHOTO not in content
    assert "欧阳修远".encode() not in content
    assert not [path for path in (tmp_path / "var").iterdir() if path.name.startswith("backup-")]

    done = restore(backup, key, tmp_path / "new")
    assert done.returncode == 0, done.stderr
    assert "已恢复，文件 1 个，数据完整。" in done.stdout
    name = Holder.objects.get().reference_photo.name
    [photo] = [path for path in (tmp_path / "new" / "private").rglob("*") if path.is_file()]
    assert photo.read_bytes() == Path(default_storage.path(name)).read_bytes()
    assert photo.stat().st_mode & 0o077 == 0
    assert (tmp_path / "new" / "portal.sqlite3").stat().st_mode & 0o077 == 0


def test_a_place_that_is_not_empty_is_left_as_it_is(backup, key):
    private = sealed_boxes.read_private(key.with_suffix(".private").read_bytes())
    with pytest.raises(restoring.NotRestorable, match="不是空的"):
        restoring.restore(backup, key=private)
    assert Holder.objects.count() == 1


@pytest.fixture
def empty_place(backup, tmp_path, settings, monkeypatch):
    """The place of the settings is empty: its folder, and its database by what it says."""
    settings.MEDIA_ROOT = tmp_path / "place"
    monkeypatch.setattr(restoring.databases, "is_empty", lambda: True)
    return settings.MEDIA_ROOT


def test_a_restore_that_is_cut_leaves_no_files(backup, key, empty_place, monkeypatch):
    private = sealed_boxes.read_private(key.with_suffix(".private").read_bytes())
    cut = mock.Mock(side_effect=KeyboardInterrupt)
    monkeypatch.setattr(restoring.databases, "read_in", cut)
    with pytest.raises(KeyboardInterrupt):
        restoring.restore(backup, key=private)
    assert list(empty_place.iterdir()) == []


def test_a_restore_that_was_killed_is_begun_anew(backup, key, empty_place, monkeypatch):
    """What it left is deleted, and files of somebody else are not."""
    private = sealed_boxes.read_private(key.with_suffix(".private").read_bytes())
    monkeypatch.setattr(restoring.databases, "read_in", lambda file: file.read())
    for folder in (".restoring/portraits", "lost+found", "photos/2026"):
        (empty_place / folder).mkdir(parents=True)
    (empty_place / ".restoring/portraits/half.jpg").write_bytes(b"half")
    restoring.restore(backup, key=private)
    [photo] = [path for path in empty_place.rglob("*") if path.is_file()]
    assert photo.name != "half.jpg"
    assert (empty_place / "lost+found").is_dir()
    assert not (empty_place / ".restoring").exists()
    with pytest.raises(restoring.NotRestorable, match="不是空的"):
        restoring.check(backup)


def test_a_database_beside_an_unfinished_restore_is_said(backup, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "place"
    (tmp_path / "place" / ".restoring").mkdir(parents=True)
    with pytest.raises(restoring.NotRestorable, match="没有做完"):
        restoring.check(backup)


def test_other_keys_of_the_portal_are_noticed_before_anything_is_written(backup, settings):
    manifest = making.Manifest(**json.loads((backup / "manifest.json").read_text()))
    assert making.has_keys_of(manifest)
    settings.INDEX_KEYS = ["a newer key", *settings.INDEX_KEYS]
    assert making.has_keys_of(manifest)
    settings.INDEX_KEYS = ["a newer key"]
    assert not making.has_keys_of(manifest)
    with pytest.raises(restoring.NotRestorable, match="INDEX_KEY"):
        restoring.check(backup)


def test_a_file_that_is_deleted_meanwhile_is_in_the_backup(tmp_path):
    root = tmp_path / "private"
    (root / "portraits").mkdir(parents=True)
    (root / "portraits" / "a.jpg").write_bytes(b"a")
    links = Links(root, tmp_path / "links")
    links.add_all()
    (root / "portraits" / "a.jpg").unlink()
    (root / "portraits" / "b.jpg").write_bytes(b"b")
    assert links.add(["portraits/a.jpg", "portraits/b.jpg", "c.jpg"]) == ["c.jpg"]


def test_a_row_without_its_file_is_said(backup, tmp_path):
    default_storage.delete(Holder.objects.get().reference_photo.name)
    with pytest.raises(CommandError, match="1 个文件"):
        call_command("backup", to=tmp_path / "second", stdout=io.StringIO())


def test_old_backups_and_halves_go(backup, tmp_path):
    folder = backup.parent
    (folder / "20260101T000000Z.partial").mkdir()
    gone = making.remove_outdated(folder, at=timezone.now() + timedelta(days=400))
    assert gone == []
    assert [path.name for path in folder.iterdir()] == [backup.name]


def test_the_keys_go_to_a_file_of_their_own(backup, key, tmp_path):
    file = tmp_path / "keys.sealed"
    call_command("backup_keys", file, stdout=io.StringIO())
    private = sealed_boxes.read_private(key.with_suffix(".private").read_bytes())
    with file.open("rb") as sealed:
        values = json.loads(io.BufferedReader(sealed_boxes.Reader(sealed, private)).read())
    assert values["INDEX_KEY"] == ",".join(settings.INDEX_KEYS)
    assert values["FIELD_KEYS"] == ",".join(settings.FIELD_KEYS)
    assert settings.INDEX_KEYS[0].encode() not in file.read_bytes()


def test_without_a_key_no_backup_is_made(settings, tmp_path):
    settings.BACKUP_KEY = ""
    with pytest.raises(CommandError, match="没有备份公钥"):
        call_command("backup", to=tmp_path / "backups")
