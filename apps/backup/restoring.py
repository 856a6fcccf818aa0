"""Brings a backup into an empty place."""

import io
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.db import connection

from apps.backup import databases, folders, links
from apps.backup.making import Manifest, has_keys_of
from apps.encryption.sealed_boxes import Reader


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
    if not databases.is_empty():
        raise NotRestorable("数据库不是空的。请恢复到新建的空库。")
    root = Path(settings.MEDIA_ROOT)
    if root.exists() and any(path.is_file() for path in root.rglob("*")):
        raise NotRestorable(f"{root} 不是空的。请恢复到空目录。")
    return manifest


def restore(folder: Path, *, key: X25519PrivateKey) -> Manifest:
    """Bring the backup in `folder` into the empty database and folder of the settings.

    Raises `NotRestorable`, `sealed_boxes.NotOpened` and `databases.Failed`. The files come first:
    when one of them is broken, the database is still empty.
    """
    manifest = check(folder)
    Path(settings.MEDIA_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / folders.FILES).open("rb") as file:
        links.unpack(io.BufferedReader(Reader(file, key)), Path(settings.MEDIA_ROOT))
    with (folder / folders.DATABASE).open("rb") as file:
        databases.read_in(io.BufferedReader(Reader(file, key)))
    return manifest
