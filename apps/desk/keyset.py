"""Rows in the order of a moment, and of the key where the moment is the same."""

from django.db.models import Q


def beyond(rows, column, key, *, ascending=True):
    """Those of `rows` that come after `key` (moment, pk), in no order yet."""
    moment, pk = key
    way = "gt" if ascending else "lt"
    # The first condition uses the index; the second one separates rows with the same moment.
    later = Q(**{f"{column}__{way}": moment}) | Q(**{f"pk__{way}": pk})
    return rows.filter(**{f"{column}__{way}e": moment}).filter(later)


def in_order(rows, column, *, ascending=True):
    return rows.order_by(column, "pk") if ascending else rows.order_by(f"-{column}", "-pk")
