"""Amounts are integers in fen everywhere; people read yuan."""


def yuan(fen):
    """1200 → "12.00"."""
    return f"{fen // 100}.{fen % 100:02d}"
