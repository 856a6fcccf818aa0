"""What a witness signs: that a head continues the one it saw before (C2SP tlog-cosignature).

The line below a signed note is `— NAME base64(key id, seconds since 1970 in 8 bytes, signature)`;
signed are two lines, `cosignature/v1` and the time, and then the whole text of the head.
"""

import base64
import binascii
from datetime import UTC, datetime

from django.conf import settings

from apps.seals.checkpoints import SIGNATURE, VerifyingKey

KIND = b"\x04"  # the type of such a key in signed-note
_TIME_BYTES = 8


def key_of(name, private):
    """The public key under which the witness `name` is known that holds `private`."""
    return VerifyingKey(name, private.public_key().public_bytes_raw(), KIND)


def cosigned(text, *, name, private, at):
    """The line by which the witness `name` signs the `text` of a head at the moment `at`."""
    seconds = int(at.timestamp())
    signature = private.sign(_message(text, seconds).encode())
    blob = key_of(name, private).id + seconds.to_bytes(_TIME_BYTES, "big") + signature
    return f"— {name} {base64.b64encode(blob).decode()}\n"


def known_keys():
    """The witnesses of settings.SEAL_WITNESS_KEYS. Raises ImproperlyConfigured."""
    return [VerifyingKey.parsed(text, kind=KIND) for text in settings.SEAL_WITNESS_KEYS]


def witnesses(text, lines, keys):
    """{name: moment} of the `keys` whose signature below the `text` of a head stands in `lines`."""
    found = {}
    for match in SIGNATURE.finditer(lines):
        try:
            blob = base64.b64decode(match["blob"], validate=True)
        except binascii.Error:
            continue
        seconds, signature = int.from_bytes(blob[4:12], "big"), blob[12:]
        for key in keys:
            is_its = key.name == match["name"] and key.id == blob[:4] and len(signature) == 64
            if is_its and key.has_signed(_message(text, seconds), signature):
                found[key.name] = datetime.fromtimestamp(seconds, UTC)
    return found


def _message(text, seconds):
    return f"cosignature/v1\ntime {seconds}\n{text}"
