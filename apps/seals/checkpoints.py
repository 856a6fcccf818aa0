"""A signed tree head as text: a checkpoint in the form of C2SP (tlog-checkpoint, signed-note).

Origin, size and root in base64 stand on the first three lines, then the number of the head and its
moment as extension lines; below an empty line each signature. Other tools read this form.
"""

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_ED25519 = b"\x01"  # the type of a key in signed-note
SIGNATURE = re.compile(r"— (?P<name>[^ +\n]+) (?P<blob>[A-Za-z0-9+/]+=*)")
_BODY = re.compile(
    r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]*)\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"number (?P<number>[1-9][0-9]*)\ntime (?P<at>[0-9TZ:.+-]+)\n"
)
_NOTE = re.compile(rf"^{_BODY.pattern}\n(?:— [^\n]+\n)+", re.MULTILINE)


class BadNote(ValueError):
    """A text that is no signed head of ours; the message says why, in Chinese."""


@dataclass(frozen=True)
class Checkpoint:
    """What is signed of a head. `root` are 32 bytes."""

    origin: str
    number: int
    size: int
    root: bytes
    sealed_at: datetime

    @property
    def text(self):
        """The signed text; it ends with a line break."""
        at = self.sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\nnumber {self.number}\ntime {at}\n"


@dataclass(frozen=True)
class VerifyingKey:
    """A public key with the name it signs under; written as name+id+key, as Go's notes do."""

    name: str
    public: bytes
    kind: bytes = _ED25519  # what it signs: heads, or as a witness (apps/seals/cosignatures.py)

    @classmethod
    def parsed(cls, text, *, kind=_ED25519):
        """The key that is written as `text`. Raises ImproperlyConfigured for any other text."""
        try:
            name, key_id, blob = text.strip().split("+", 2)
            data = base64.b64decode(blob, validate=True)
        except ValueError:
            raise ImproperlyConfigured(f"not a key of a signed note: {text!r}") from None
        key = cls(name, data[1:], kind)
        if data[:1] != kind or len(key.public) != 32 or key.id.hex() != key_id:
            raise ImproperlyConfigured(f"not an Ed25519 key of a signed note: {text!r}")
        return key

    def __str__(self):
        blob = base64.b64encode(self.kind + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{blob}"

    @property
    def id(self):
        """Four bytes that name the key in a signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def has_signed(self, text, signature):
        """Whether `signature` (64 bytes) is this key's below `text`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


def signing_key():
    """The Ed25519 key of settings.SEAL_KEY. Raises ImproperlyConfigured for anything else."""
    return ed25519_key(settings.SEAL_KEY)


def ed25519_key(text):
    """The private key in `text`: PEM, or its 32 bytes in base64. Raises ImproperlyConfigured."""
    try:
        if text.lstrip().startswith("-----"):
            key = serialization.load_pem_private_key(text.encode(), password=None)
        else:
            key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(text, validate=True))
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured("SEAL_KEY must be an Ed25519 key: PEM, or 32 bytes in base64")
    return key


def own_key():
    """The public half of `signing_key`, under our name."""
    public = signing_key().public_key()
    return VerifyingKey(settings.SEAL_ORIGIN, public.public_bytes_raw())


def known_keys():
    """Every key whose signature counts: the present one, and those of settings.SEAL_FORMER_KEYS."""
    return [own_key(), *(VerifyingKey.parsed(text) for text in settings.SEAL_FORMER_KEYS)]


def signed(checkpoint):
    """(id of the key in hexadecimal, signature) below the text of `checkpoint`."""
    return own_key().id.hex(), signing_key().sign(checkpoint.text.encode())


def note(checkpoint, *, key_id, signature):
    """The whole signed note of `checkpoint`."""
    blob = base64.b64encode(bytes.fromhex(key_id) + signature).decode()
    return f"{checkpoint.text}\n— {checkpoint.origin} {blob}\n"


def opened(text, keys):
    """The `Checkpoint` of the signed note `text`. Raises `BadNote` unless one of `keys` signed."""
    body, _, below = text.partition("\n\n")
    found = _BODY.fullmatch(body + "\n")
    if found is None:
        raise BadNote("不是树头的格式")
    signatures = [
        (match["name"], base64.b64decode(match["blob"])) for match in SIGNATURE.finditer(below)
    ]
    is_signed = any(
        key.name == name and key.id == blob[:4] and key.has_signed(body + "\n", blob[4:])
        for name, blob in signatures
        for key in keys
    )
    if not is_signed:
        raise BadNote("没有我们的有效签名")
    return Checkpoint(
        origin=found["origin"],
        number=int(found["number"]),
        size=int(found["size"]),
        root=base64.b64decode(found["root"]),
        sealed_at=datetime.fromisoformat(found["at"]),
    )


def opened_as_own(text, keys):
    """`opened` for a head of this portal, under whatever name it was signed by one of `keys`.

    The name follows the address of the portal (SEAL_ORIGIN), and a portal moves to another port or
    another host. The name stands in the signed text, so it needs no key of its own.
    """
    name = text.partition("\n")[0]
    return opened(text, [replace(key, name=name) for key in keys])


def split_notes(text):
    """The signed notes in `text`, whatever stands before, between and after them."""
    return [match[0] for match in _NOTE.finditer(text if text.endswith("\n") else f"{text}\n")]
