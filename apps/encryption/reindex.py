"""Blind indexes of rows that were written before their column, or their key, was there."""

from django.db import IntegrityError, transaction

from apps.encryption.ciphers import InvalidToken

BATCH = 500


def fill(model, field):
    """Index every row of `model` whose `field`, a `BlindIndexField`, is empty; returns how many.

    In batches, and safe to repeat. A row without a value in the source stays without an index.
    """
    missing = model._base_manager.filter(**{f"{field.name}__isnull": True})
    filled = 0
    for rows in _batches(missing, field):
        found = []
        for row in rows:
            index = field.index_of(getattr(row, field.source))
            if index is not None:
                setattr(row, field.attname, index)
                found.append(row)
        filled += model._base_manager.bulk_update(found, [field.name])
    return filled


def renew(model, field):
    """Give every row of `model` the index under the newest key; (how many, how many could not).

    Row by row, and only where the old index is still there: rows may be written meanwhile, a run
    that was broken off goes on where it was.
    """
    changed = left = 0
    for rows in _batches(model._base_manager.exclude(**{field.name: None}), field):
        for row in rows:
            old = getattr(row, field.attname)
            try:
                new = field.index_of(getattr(row, field.source))
                if new == old:
                    continue
                if new is None:
                    left += 1  # the value is gone, its index was kept
                    continue
                same = model._base_manager.filter(pk=row.pk, **{field.name: old})
                with transaction.atomic():
                    changed += same.update(**{field.name: new})
            except (InvalidToken, IntegrityError):
                left += 1
    return changed, left


def _batches(rows, field):
    """The rows of the queryset `rows` by their keys, with the source and the index of `field`."""
    last = 0
    while batch := list(
        rows.order_by("pk").filter(pk__gt=last).only(field.source, field.name)[:BATCH]
    ):
        last = batch[-1].pk
        yield batch
