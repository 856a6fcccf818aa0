"""Blind indexes of rows that were written before their column was there."""

BATCH = 500


def fill(model, field):
    """Index every row of `model` whose `field`, a `BlindIndexField`, is empty; returns how many.

    In batches, and safe to repeat. A row without a value in the source stays without an index.
    """
    missing = model._base_manager.filter(**{f"{field.name}__isnull": True}).order_by("pk")
    filled = last = 0
    while True:
        rows = list(missing.filter(pk__gt=last).only(field.source)[:BATCH])
        if not rows:
            return filled
        last = rows[-1].pk
        found = []
        for row in rows:
            index = field.index_of(getattr(row, field.source))
            if index is not None:
                setattr(row, field.attname, index)
                found.append(row)
        filled += model._base_manager.bulk_update(found, [field.name])
