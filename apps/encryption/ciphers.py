"""The ciphers with which values and files are sealed.

A sealed value is `CIPHER.KEY.TEXT`: which cipher, the first eight digits of the SHA-256 of the key,
and nonce, ciphertext and tag in URL-safe Base64. What was sealed stays readable after another
cipher or another key was chosen, as long as its key stands in settings.FIELD_KEYS. For each cipher
a key of its own is derived (HKDF, RFC 5869), so none is used with two.
"""

import base64
import binascii
import hashlib
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32  # of each of settings.FIELD_KEYS
NONCE_BYTES = 12
TAG_BYTES = 16
_FROM_URL_SAFE = bytes.maketrans(b"-_", b"+/")


class InvalidToken(ValueError):
    """What was sealed was changed, or its key is not among settings.FIELD_KEYS."""


class Sm4Gcm:
    """SM4 (GB/T 32907) with Galois/Counter Mode (RFC 8998), used like `AESGCM`."""

    def __init__(self, key):
        self.key = key

    def encrypt(self, nonce, data, about):
        encryptor = Cipher(algorithms.SM4(self.key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(about)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce, data, about):
        mode = modes.GCM(nonce, data[-TAG_BYTES:])
        decryptor = Cipher(algorithms.SM4(self.key), mode).decryptor()
        decryptor.authenticate_additional_data(about)
        return decryptor.update(data[:-TAG_BYTES]) + decryptor.finalize()


# Name → what makes it of a key, and the bytes of that key.
CIPHERS = {"AES-256-GCM": (AESGCM, 32), "SM4-GCM": (Sm4Gcm, 16)}


@cache
def key_name(key):
    """How sealed values call one of settings.FIELD_KEYS."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def newest():
    """(cipher, key) under which everything is sealed now, by name."""
    return settings.FIELD_CIPHER, key_name(settings.FIELD_KEYS[0])


@cache
def _derived(name, key, salt):
    make, length = CIPHERS[name]
    derive = HKDF(SHA256(), length=length, salt=salt or None, info=f"sealed {name}".encode())
    return make(derive.derive(base64.urlsafe_b64decode(key)))


def cipher_of(name, key, *, salt=b""):
    """The cipher `name` under the key that is called `key`; raises `InvalidToken` if unknown.

    With a `salt`, under a key for one file alone.
    """
    secret = next((own for own in settings.FIELD_KEYS if key_name(own) == key), None)
    if secret is None or name not in CIPHERS:
        raise InvalidToken("no key fits")
    return (_derived.__wrapped__ if salt else _derived)(name, secret, salt)


@cache
def _named_by(head, keys):
    """The cipher that the bytes `head` of a sealed value name; `keys` are settings.FIELD_KEYS.

    Raises `InvalidToken` if it is unknown, and ValueError unless there are two names.
    """
    name, key = head.decode("ascii").split(".")
    return cipher_of(name, key)


def encrypt(data):
    """The bytes `data`, sealed, as ASCII bytes."""
    head = _newest_head().encode()
    nonce = os.urandom(NONCE_BYTES)
    sealed = _named_by(head, tuple(settings.FIELD_KEYS)).encrypt(nonce, data, head)
    return head + b"." + base64.urlsafe_b64encode(nonce + sealed)


def decrypt(token):
    """The bytes of which `token` was made; raises `InvalidToken`."""
    head, _, text = token.rpartition(b".")
    try:
        cipher = _named_by(head, tuple(settings.FIELD_KEYS))
        sealed = binascii.a2b_base64(text.translate(_FROM_URL_SAFE))
        if len(sealed) < NONCE_BYTES + TAG_BYTES:
            raise InvalidToken("too short")
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], head)
    except (InvalidTag, binascii.Error, UnicodeDecodeError) as error:
        raise InvalidToken("changed, or no key fits") from error
    except InvalidToken:
        raise
    except ValueError as error:  # not of three parts
        raise InvalidToken("not sealed") from error


def is_newest(token):
    """Whether the text `token` was sealed with the present cipher and key."""
    return token.startswith(f"{_newest_head()}.")


def _newest_head():
    """What `newest` writes before a sealed value."""
    return _head(settings.FIELD_CIPHER, settings.FIELD_KEYS[0])


@cache
def _head(name, key):
    return f"{name}.{key_name(key)}"
