"""What people see of personal data where the full value is not needed."""


def name(value):
    """*超, **超: the surname is hidden and the last character stays. Empty stays empty."""
    return "*" * (len(value) - 1) + value[-1] if len(value) > 1 else "*" * len(value)


def id_number(value):
    """370***********1234: the first three and the last four; a short value is hidden whole."""
    return _middle(value, first=3, last=4, least=15)


def phone(value):
    """138****1234: the first three and the last four; a short value is hidden whole."""
    return _middle(value, first=3, last=4, least=11)


def card_number(value):
    """*****1058: the last four."""
    return _middle(value, first=0, last=4, least=9)


def address(value):
    """The first nine characters, about as far as the district, then ***."""
    return f"{value[:9]}***" if len(value) > 12 else "***" if value else ""


def _middle(value, *, first, last, least):
    if len(value) < least:
        return "*" * len(value)
    return value[:first] + "*" * (len(value) - first - last) + value[-last:]
