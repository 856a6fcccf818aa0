"""Columns that hold personal data: encrypted at rest, findable by a keyed blind index."""

import hashlib
import hmac
from abc import ABCMeta, abstractmethod
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models

from apps.common import names


@cache
def _cipher(keys):
    return MultiFernet([Fernet(key) for key in keys])


def cipher():
    """Encrypts bytes under the newest key of settings.FIELD_KEYS, decrypts under any of them."""
    return _cipher(tuple(settings.FIELD_KEYS))


def encrypt(text):
    """`text` under the newest key of settings.FIELD_KEYS."""
    return cipher().encrypt(text.encode()).decode()


def decrypt(token):
    """The text of `token`, under any of the keys; raises InvalidToken when none fits."""
    return cipher().decrypt(token.encode()).decode()


def blind_index(value):
    """HMAC-SHA-256 of `value` under settings.INDEX_KEY in hex; None for an empty value."""
    if not value:
        return None
    key = settings.INDEX_KEY.encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """Text that only the application can read. Not searchable: add a `BlindIndexField` for that."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value, expression, connection):
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name):
        # Encrypting a text twice gives two different values, so only "is empty" can be compared.
        return super().get_lookup(lookup_name) if lookup_name in {"isnull"} else None


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

    Look up with `filter(phone_index=blind_index(phone))`, the value normalised as it was stored.
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
        return blind_index(value[-self.last :] if value and self.last else value)

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
