"""What the name of a picture's file says: a number, or a number beside a name."""

import re
import unicodedata
from dataclasses import dataclass

from apps.common.visibility import shown
from apps.people.models import User
from apps.typed_text.plain_text import compact, visible

ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_NUMBER = re.compile(r"[0-9A-Z_-]{1,20}", re.ASCII)
_RUN = re.compile(r"[0-9A-Za-z]+", re.ASCII)
_WORD = re.compile(r"[0-9A-Za-z]+|[^\W0-9A-Za-z_]+")
_BETWEEN = " _-.,+()（）[]【】—·"


@dataclass(frozen=True)
class NumberAndName:
    """`name` is empty where the file is named by a number alone."""

    number: str
    name: str = ""


def read(stem):
    """The `NumberAndName` of a file `stem`: D1001, D1001张超, 张超_D1001.

    With two numbers it is not clear which one counts, so the whole is taken for the number.
    """
    text = unicodedata.normalize("NFKC", visible(stem))
    runs = [run for run in _RUN.finditer(text) if _has_digit(run[0])]
    if len(runs) == 1:
        (run,) = runs
        name = f"{text[: run.start()]} {text[run.end() :]}".strip(_BETWEEN)
        if any(character.isalpha() for character in name):
            return NumberAndName(run[0], name)
    return NumberAndName(stem)


def _has_digit(text):
    return any(character.isdigit() for character in text)


def masked(stem):
    """`stem` as a page shows it: employee numbers whole, ID numbers and names masked."""
    text = unicodedata.normalize("NFKC", visible(stem)).strip()
    is_number = _NUMBER.fullmatch(text.upper()) and _has_digit(text)
    if is_number or ID_NUMBER.fullmatch(compact(text).upper()):
        return _masked_number(User.normalize_username(text))
    return _WORD.sub(lambda word: _masked_word(word[0]), text)


def _masked_word(word):
    return _masked_number(word) if _has_digit(word) else shown(word, "list.name")


def _masked_number(text):
    number = compact(text).upper()
    if ID_NUMBER.fullmatch(number):
        return shown(number, "list.id_number")
    return shown(text, "roster.employee_number")
