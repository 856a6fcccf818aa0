"""What a spreadsheet shows of a whole number under a number format (ECMA-376, 18.8.31).

Only formats that occur in rosters: leading zeros, separators and fixed text.
"""

import re

_PLAIN = re.compile(r"(General|@|[#0,]*[#0](\.[0#]+)?)", re.IGNORECASE)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<place>[0#?])|(?P<separator>[-()/+: .])|(?P<other>.)",
    re.DOTALL,
)
# Colours and locales say nothing about the digits: [Red], [$-804], [颜色3].
_HARMLESS = re.compile(
    r"(black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|\$[^\]]*"
    r"|黑色|蓝色|红色|绿色|白色|黄色|颜色 ?\d+)",
    re.IGNORECASE,
)


def shown(number, number_format):
    """`number` as people see it under `number_format`; None for a format that is not known here."""
    section = (number_format or "General").split(";")[0]
    plain = str(int(number)) if number == int(number) else repr(number)
    section = re.sub(r"\[([^\]]*)\]", _without_colour, section)
    tokens = [(each.lastgroup, each[each.lastgroup or 0]) for each in _TOKEN.finditer(section)]
    bare = "".join(text for kind, text in tokens if kind not in ("space", "fill")).strip()
    if _PLAIN.fullmatch(bare):
        zeros = bare.split(".")[0].count("0")
        is_number = number != int(number) or number < 0
        return plain if is_number else plain.zfill(zeros)
    places = sum(kind == "place" for kind, _ in tokens)
    is_readable = all(kind not in ("bracket", "other") for kind, _ in tokens)
    if not (is_readable and places and number == int(number) and number >= 0):
        return None
    if ("separator", ".") in tokens or ("separator", "/") in tokens:
        return None
    return _filled(plain, tokens, places)


def _without_colour(bracket):
    return "" if _HARMLESS.fullmatch(bracket[1]) else bracket[0]


def _filled(digits, tokens, places):
    """`digits` filled into the places from the right; the first place takes the rest."""
    missing = places - len(digits)
    out, position = [], 0
    for kind, text in tokens:
        if kind == "place":
            position += 1
            if position <= missing:
                out.append("0" if text == "0" else "")
            elif position == 1:
                out.append(digits[: len(digits) - places + 1])
            else:
                out.append(digits[len(digits) - places + position - 1])
        elif kind in ("quoted", "escaped", "separator"):
            out.append(text)
    return "".join(out).strip()
