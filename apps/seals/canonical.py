"""The bytes of an event that are sealed: the one place that defines them (docs/seals.md).

A JSON object of all columns, in UTF-8, with sorted keys and without spaces, after sixteen random
bytes of its leaf. The random bytes keep anybody who sees the hash from guessing what it stands for.
"""

from datetime import UTC

from django.core.serializers.json import DjangoJSONEncoder

from apps.seals import tree

SALT_BYTES = 16
# The columns, by the names in the object. A column that comes later is left out where it is empty,
# so that what was sealed before stays as it was.
COLUMNS = (
    "id",
    "subject_kind",
    "subject_id",
    "reference",
    "holder_id",
    "action",
    "from_status",
    "to_status",
    "at",
    "due_at",
    "by_id",
    "role",
    "channel",
    "reason",
    "facts",
)
_JSON = DjangoJSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def encoded(values):
    """The canonical bytes of an event; `values` are its `COLUMNS` as the database returns them."""
    row = dict(zip(COLUMNS, values, strict=True))
    for name in ("at", "due_at"):
        if row[name] is not None:
            row[name] = row[name].astimezone(UTC).isoformat(timespec="microseconds")
    return _JSON.encode(row).encode()


def digest(salt, values):
    """The hash of the leaf of an event."""
    return tree.leaf_hash(salt + encoded(values))
