"""What the embedded default keeps in var/: secrets made on the first start, the broker's files."""

import base64
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def load_or_create_secrets(path: Path) -> dict[str, str]:
    """Return the secrets stored in `path` (mode 0600), after making those that are not there yet.

    Safe when several processes start at once: the first one makes them, the others wait.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        stored = json.loads(file.read() or "{}")
        missing = {name: make() for name, make in _MAKERS.items() if name not in stored}
        if missing:
            file.seek(0)
            json.dump(stored | missing, file, indent=1)
            file.truncate()
    return stored | missing


def make_broker(folder: Path) -> None:
    """Make the folders of the file broker; its transport expects to find them."""
    for name in ("messages", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)


def empty_broker(folder: Path) -> None:
    """Delete the messages of a former run. Nothing is lost, because the rows say what is due."""
    shutil.rmtree(folder, ignore_errors=True)
    make_broker(folder)


def _new_rsa_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


_MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FIELD_KEYS": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "INDEX_KEY": lambda: secrets.token_hex(32),
    "PORTAL_PAYMENT_KEY": _new_rsa_key,
    "SANDBOX_CASHIER_KEY": _new_rsa_key,
    "SEAL_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
}
