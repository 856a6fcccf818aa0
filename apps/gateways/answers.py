"""How a gateway's JSON answers and amounts are read."""

import json
import re

# Yuan as a number; a third decimal may only be 0.
AMOUNT = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2})0*)?")


def read_answer(body, name):
    """(the object `name` in the JSON `body`, its exact text, the signature beside it).

    Raises ValueError for anything else.
    """
    whole = json.loads(body)
    sign = whole.get("sign") if isinstance(whole, dict) else None
    place = re.match(rf'\s*\{{\s*(?:"sign"\s*:\s*"[^"]*"\s*,\s*)?"{re.escape(name)}"\s*:\s*', body)
    if place is None or not isinstance(sign, str):
        raise ValueError("no such object, or no signature")
    answer, end = json.JSONDecoder().raw_decode(body, place.end())
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    return answer, body[place.end() : end], sign


def read_fen(text):
    """1200 for "12.00", "12.0" and "12". Raises ValueError for what is no amount in yuan."""
    amount = AMOUNT.fullmatch(str(text))
    if amount is None:
        raise ValueError("unreadable amount")
    return int(amount[1]) * 100 + int((amount[2] or "").ljust(2, "0"))
