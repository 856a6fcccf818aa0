"""Amounts are integers in fen everywhere; people read yuan."""


def yuan(fen):
    """1200 → "12.00"; a refund of -1205 → "-12.05"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
