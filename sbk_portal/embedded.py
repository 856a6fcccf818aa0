"""What the embedded default keeps in var/: secrets made on the first start, the broker's files."""

import base64
import json
import os
import secrets
import shutil
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def load_or_create_secrets(path: Path) -> dict[str, str]:
    """Return the secrets stored in `path`, making the file (mode 0600) when it is not there.

    Safe when several processes start at once: the file appears complete, and the first one counts.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(_new_secrets(), file, indent=1)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return json.loads(path.read_text())


def make_broker(folder: Path) -> None:
    """Make the folders of the file broker; its transport expects to find them."""
    for name in ("messages", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)


def empty_broker(folder: Path) -> None:
    """Delete the messages of a former run. Nothing is lost, because the rows say what is due."""
    shutil.rmtree(folder, ignore_errors=True)
    make_broker(folder)


def _new_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "INDEX_KEY": secrets.token_hex(32),
        "PORTAL_PAYMENT_KEY": _new_rsa_key(),
        "SANDBOX_CASHIER_KEY": _new_rsa_key(),
    }


def _new_rsa_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
