"""Keys of rows in addresses, so that nobody reads or guesses how many rows there are and which.

What has a public `reference` is called by it. The stock pages of the admin know the primary key
only: in their addresses it is encrypted as one block, with a key of its own for each model, so that
`reverse` and the view go on with the key itself. Query strings and forms name a row that has no
reference in the same way. Addresses change with settings.SECRET_KEY.
"""

import base64
import binascii
import hashlib
import hmac
from functools import cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import register_converter
from django.urls.converters import get_converters

BLOCK = 16


def converter_for(label):
    """The name of the path converter for keys of the model `label`, such as people.holder."""
    name = f"key_of_{label.replace('.', '_')}"
    if name not in get_converters():
        register_converter(type("KeyConverter", (_KeyConverter,), {"label": label}), name)
    return name


class _KeyConverter:
    regex = f"[a-z2-7]{{{len(base64.b32encode(bytes(BLOCK)).rstrip(b'='))}}}"
    label = ""

    def to_python(self, value):
        return opened(self.label, value)

    def to_url(self, value):
        return sealed(self.label, value)


def sealed(label, key):
    """The key `key` of a row of the model `label` as 26 letters and digits."""
    text = str(key).encode()
    if not 0 < len(text) <= BLOCK:
        raise ValueError("no key of a row has so many digits")
    encryptor = _cipher(settings.SECRET_KEY, label).encryptor()
    block = encryptor.update(text.ljust(BLOCK, b"\0")) + encryptor.finalize()
    return base64.b32encode(block).decode().rstrip("=").lower()


def opened(label, text):
    """The key of which `text` was made, as text; raises ValueError when there is none."""
    try:
        block = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except binascii.Error as error:
        raise ValueError("no key of a row") from error
    decryptor = _cipher(settings.SECRET_KEY, label).decryptor()
    key = (decryptor.update(block) + decryptor.finalize()).rstrip(b"\0").decode("ascii", "replace")
    if not (key.isascii() and key.isprintable() and sealed(label, key) == text):
        raise ValueError("no key of a row")
    return key


def of(row):
    """The key of `row` as a page shows it."""
    return sealed(row._meta.label_lower, row.pk)


def in_data(data, name, model):
    """The key of a row of `model` that a request names as `name`; None for a text that is none.

    `data` is its query string or form.
    """
    try:
        return int(opened(model._meta.label_lower, data.get(name, "")))
    except ValueError:
        return None


class RowField(forms.ModelChoiceField):
    """A choice of rows that have no reference, by their keys as pages show them."""

    def prepare_value(self, value):
        return of(value) if isinstance(value, models.Model) else super().prepare_value(value)

    def to_python(self, value):
        if value in self.empty_values or self.queryset is None:
            return None
        try:
            key = opened(self.queryset.model._meta.label_lower, value)
        except ValueError:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from None
        return super().to_python(key)


@cache
def _cipher(secret, label):
    key = hmac.new(secret.encode(), f"key of {label}".encode(), hashlib.sha256).digest()
    # One block that never repeats: a permutation of all keys, which is what ECB is safe for.
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305
