"""Makes a backup: database and files as they were at one moment, sealed, and old ones removed."""

import base64
import hashlib
import hmac
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from apps.backup import databases, folders
from apps.backup.links import Links
from apps.common.integrity import file_columns
from apps.encryption.sealed_boxes import Writer

_KNOWN = b"sbk-portal backup"


@dataclass
class Manifest:
    """What can be said of a backup without opening it. No personal data."""

    vendor: str  # of the database
    files: int = 0
    missing: list[str] = field(default_factory=list)  # named by rows, and not there
    migrations: dict[str, str] = field(default_factory=dict)  # the last one of each app
    # By them a restored portal sees whether it has the keys of this data. They say nothing of them.
    field_key_proof: str = ""
    index_key_proof: str = ""


def make(*, into: Path, key: X25519PublicKey, at: datetime) -> tuple[Path, Manifest]:
    """Make a backup below the folder `into`. Returns its folder and what is in it.

    It appears under its name when it is whole. Raises `databases.Failed` and OSError.
    """
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = folders.name_of(at)
    draft = into / f"{name}{folders.PARTIAL}"
    settings.VAR_DIR.mkdir(exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="backup-", dir=settings.VAR_DIR))
    try:
        draft.mkdir(mode=0o700)
        manifest = _write(draft, scratch, key)
        (draft / folders.MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
        os.replace(draft, into / name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.rmtree(draft, ignore_errors=True)
    return into / name, manifest


def _write(folder, scratch, key):
    manifest = Manifest(
        vendor=connection.vendor,
        migrations=last_migrations(),
        field_key_proof=Fernet(settings.FIELD_KEYS[0]).encrypt(_KNOWN).decode(),
        index_key_proof=_index_key_proof(settings.INDEX_KEYS[0]),
    )
    # Files that rows name at the moment of the snapshot are there then: either they were before it
    # (all are linked first), or they came in between (the named ones are linked right after it).
    links = Links(Path(settings.MEDIA_ROOT), scratch / "files")
    links.add_all()
    with databases.held_still(scratch) as database:
        names = sorted(
            {
                name
                for model, column in file_columns()
                for name in database.values(
                    model._meta.db_table, model._meta.get_field(column).column
                )
            }
        )
        manifest.missing = links.add(names)
        with _sealed(folder / folders.DATABASE, key) as target:
            database.write(target)
    with _sealed(folder / folders.FILES, key) as target:
        manifest.files = links.write(names, target)
    return manifest


class _sealed:  # noqa: N801
    """A sealed file that is on the disk when the block ends."""

    def __init__(self, path, key):
        self.file = path.open("xb")
        self.writer = Writer(self.file, key)

    def __enter__(self):
        return self.writer

    def __exit__(self, *error):
        with self.file:
            self.writer.__exit__(*error)
            self.file.flush()
            os.fsync(self.file.fileno())


def last_migrations():
    """The name of the last migration of each app in the database."""
    return dict(sorted(MigrationRecorder(connection).applied_migrations()))


def _index_key_proof(key):
    digest = hmac.new(key.encode(), _KNOWN, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def has_keys_of(manifest: Manifest) -> bool:
    """Whether this portal has the keys with which the columns of the backup are encrypted."""
    keys = MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])
    try:
        keys.decrypt(manifest.field_key_proof)
    except InvalidToken:
        return False
    return manifest.index_key_proof in map(_index_key_proof, settings.INDEX_KEYS)


def remove_outdated(folder: Path, *, at: datetime) -> list[Path]:
    """Delete the backups that are not kept any more, and drafts that a killed run left."""
    gone = folders.outdated(
        folder, at=at, keep=settings.BACKUP_KEPT, keep_weekly=settings.BACKUP_KEPT_WEEKLY
    )
    for path in [*gone, *folder.glob(f"*{folders.PARTIAL}")]:
        shutil.rmtree(path)
    return gone
