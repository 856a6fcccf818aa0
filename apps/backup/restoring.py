"""Brings a backup into an empty place."""

import io
import json
import os
import shutil
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.db import connection

from apps.backup import databases, folders, links
from apps.backup.making import Manifest, has_keys_of
from apps.encryption.sealed_boxes import Reader

# Below the folder of the files, so on the same disk. They stay here until the database is there.
UNFINISHED = ".restoring"


class NotRestorable(Exception):
    """Why the backup does not go into this place, as a Chinese sentence."""


def check(folder: Path) -> Manifest:
    """What is in the backup `folder`. Raises `NotRestorable` unless it can be restored here."""
    try:
        manifest = Manifest(**json.loads((folder / folders.MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise NotRestorable(f"{folder} 里没有完整的备份。") from error
    if manifest.vendor != connection.vendor:
        raise NotRestorable(f"备份来自 {manifest.vendor}，现在的数据库是 {connection.vendor}。")
    if not has_keys_of(manifest):
        raise NotRestorable("FIELD_KEYS 或 INDEX_KEY 不是备份时的，恢复出来的数据会解不开。")
    root = Path(settings.MEDIA_ROOT)
    if not databases.is_empty():
        if (root / UNFINISHED).exists():
            raise NotRestorable(
                f"上一次恢复没有做完，文件还在 {root / UNFINISHED}。"
                "请换一个新建的空库，再恢复一次。"
            )
        raise NotRestorable("数据库不是空的。请恢复到新建的空库。")
    if any(path.is_file() for path in root.rglob("*") if not _is_left_over(path, root)):
        raise NotRestorable(f"{root} 不是空的。请恢复到空目录。")
    return manifest


def restore(folder: Path, *, key: X25519PrivateKey) -> Manifest:
    """Bring the backup in `folder` into the empty database and folder of the settings.

    Raises `NotRestorable`, `sealed_boxes.NotOpened` and `databases.Failed`. The files come first:
    when one of them is broken, the database is still empty. A restore that fails leaves no files,
    and one that was killed is begun anew by the next.
    """
    manifest = check(folder)
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = root / UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    try:
        with (folder / folders.FILES).open("rb") as file:
            links.unpack(io.BufferedReader(Reader(file, key)), unfinished)
        with (folder / folders.DATABASE).open("rb") as file:
            databases.read_in(io.BufferedReader(Reader(file, key)))
    except BaseException:
        shutil.rmtree(unfinished)
        raise
    for path in unfinished.iterdir():
        target = root / path.name
        if target.is_dir():
            shutil.rmtree(target)  # `check` saw no file in it
        os.rename(path, target)
    unfinished.rmdir()
    os.chmod(root, 0o700)
    return manifest


def _is_left_over(path: Path, root: Path) -> bool:
    """Whether a killed restore left the file."""
    return path.is_relative_to(root / UNFINISHED)
