"""Amounts are integers in fen everywhere; people read yuan."""

from decimal import Decimal


def yuan(fen):
    """1200 → "12.00"; a refund of -1205 → "-12.05"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def number_of_yuan(fen):
    """1200 → Decimal("12.00"): a number for a file, with both places in a CSV as well."""
    return Decimal(fen).scaleb(-2)


def is_in_fen(name):
    """Whether the column, or the fact, `name` is an amount in fen: it says so by its end."""
    return name.endswith("_fen")


def label_in_yuan(label):
    """金额（分） → 金额（元）, for an amount that `yuan` writes."""
    return f"{label.removesuffix('（分）')}（元）"
