"""Columns that hold personal data: encrypted at rest, findable by a keyed blind index."""

import hashlib
import hmac
from abc import ABCMeta, abstractmethod
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute

from apps.encryption import ciphers
from apps.typed_text import names


def encrypt(text):
    """`text` under the newest key of settings.FIELD_KEYS."""
    return ciphers.encrypt(text.encode()).decode()


def decrypt(token):
    """The text of `token`, under any of the keys; raises InvalidToken when none fits."""
    return ciphers.decrypt(token.encode()).decode()


def blind_index(value):
    """HMAC-SHA-256 of `value` under the newest of settings.INDEX_KEYS in hex; None if empty."""
    return next(iter(blind_indexes(value)), None)


def blind_indexes(value):
    """The index of `value` under each of settings.INDEX_KEYS, for looking up; none if empty.

    While a new key takes over, stored indexes may be of either (`manage.py reindex`).
    """
    if not value:
        return []
    text = value.encode()
    return [hmac.digest(key.encode(), text, "sha256").hex() for key in settings.INDEX_KEYS]


def file_marks(data):
    """The keyed digests of the bytes of a file, under each of settings.INDEX_KEYS.

    They are of the digest of the file with a word of their own before it, so that none is the index
    of a text.
    """
    told = b"file:" + hashlib.sha256(data).digest()
    return [hmac.new(key.encode(), told, hashlib.sha256).hexdigest() for key in settings.INDEX_KEYS]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value of an `EncryptedTextField` as it came from the database, not decrypted yet.

    The attribute of a row decrypts it when it is read. `values()` hands it out as it is.
    """

    token: str = field(repr=False)

    def text(self):
        """The decrypted text; raises InvalidToken when no key fits."""
        return decrypt(self.token)


class DecryptedWhenRead(DeferredAttribute):
    """The attribute of a row for an `EncryptedTextField`: only what is read is decrypted."""

    field: Any

    def __get__(self, instance, cls=None):
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.opened(value)
        return value

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text that only the application can read. Not searchable: add a `BlindIndexField` for that."""

    descriptor_class = DecryptedWhenRead

    def opened(self, sealed):
        """The value of a `Sealed`; raises InvalidToken when no key fits."""
        return sealed.text()

    def to_python(self, value):
        return self.opened(value) if isinstance(value, Sealed) else super().to_python(value)

    def get_prep_value(self, value):
        if isinstance(value, Sealed) and ciphers.is_newest(value.token):
            return value.token  # copied from another row: sealing it anew would gain nothing
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value, expression, connection):
        return Sealed(value) if value else value

    def get_lookup(self, lookup_name):
        # Encrypting a text twice gives two different values, so only "is empty" can be compared.
        return super().get_lookup(lookup_name) if lookup_name in {"isnull"} else None


def is_empty(name):
    """The condition that the encrypted column `name`, which can't be compared, holds nothing."""
    return Q(Exact(Length(name), 0))


class EncryptedDateField(EncryptedTextField):
    """A day that only the application can read. Neither compared nor ordered by the database."""

    def opened(self, sealed):
        return date.fromisoformat(sealed.text())

    def to_python(self, value):
        value = self.opened(value) if isinstance(value, Sealed) else value
        return date.fromisoformat(value) if value and isinstance(value, str) else value or None

    def get_prep_value(self, value):
        value = self.to_python(value)
        return encrypt(value.isoformat()) if value else value


class FollowingField(models.CharField, metaclass=ABCMeta):
    """A value that is computed from the field `source` whenever the row is saved."""

    def __init__(self, *args, source, **kwargs):
        self.source = source
        super().__init__(*args, **kwargs | {"blank": True, "editable": False})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for option in ("blank", "editable"):
            kwargs.pop(option, None)
        return name, path, args, kwargs | {"source": self.source}

    @abstractmethod
    def value_of(self, value):
        """The value of this field for the value `value` of the source."""

    def pre_save(self, model_instance, add):
        value = self.value_of(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value


class BlindIndexField(FollowingField):
    """The blind index of the field `source`.

    Look up with `filter(phone_index__in=blind_indexes(phone))`, normalised as it was stored.
    With `last`, only that many characters at the end are indexed: look up with exactly these.
    """

    def __init__(self, *args, source, last=None, **kwargs):
        self.last = last
        super().__init__(*args, source=source, **kwargs | {"max_length": 64, "null": True})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for option in ("max_length", "null"):
            kwargs.pop(option, None)
        if self.last is not None:
            kwargs["last"] = self.last
        return name, path, args, kwargs

    def index_of(self, value):
        """The index of the whole `value` of the source; None for an empty one."""
        text = str(value) if value else ""  # a day as its ISO text
        return blind_index(text[-self.last :] if self.last else text)

    def value_of(self, value):
        return self.index_of(value)


class NameKeyField(FollowingField):
    """One key for all usual spellings of the name in `source`. Look up with `names.spellings`."""

    def __init__(self, *args, source, **kwargs):
        # Æ and ligatures are spelt out, so a key can be longer than its name.
        super().__init__(*args, source=source, **kwargs | {"max_length": 4 * names.LONGEST})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def value_of(self, value):
        return names.key(value)


class FollowedQuerySet(models.QuerySet):
    """Keeps the fields that follow another one right in an UPDATE, too."""

    def update(self, **values):
        return super().update(**values | _followed(self.model, values))


def _followed(model, values):
    """Field → value, of the fields of `model` that follow one of the `values` to be written."""
    return {
        field.name: field.value_of(values[field.source])
        for field in model._meta.local_fields
        if isinstance(field, FollowingField)
        and field.source in values
        and not hasattr(values[field.source], "resolve_expression")
    }


def following(model, changed):
    """The names of the fields of `model` that follow one of the fields named in `changed`."""
    return {
        field.name
        for field in model._meta.local_fields
        if isinstance(field, FollowingField) and field.source in changed
    }
