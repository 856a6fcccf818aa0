"""What is left of personal data where the full value is not needed.

Who is shown which is decided by visibility.py, the only module that calls these functions.
A value of the wrong length is hidden completely, so that a number that was put into the wrong
column is never shown.
"""

import re
import unicodedata
from datetime import date

# How many characters at the end of an ID number the mask shows. Staff can search by them.
ID_TAIL_LENGTH = 4
_HIDDEN = "***"
_MOST_STARS = 5  # 买买提·艾力
# A division: a name that contains no word for a street or village, then the word for its level.
_NAME = r"[^\s\d路街道巷弄号村镇乡区县旗市盟省]{1,11}?"
_DISTRICT = re.compile(
    rf"(?:{_NAME}(?:省|自治区|特别行政区))?"
    rf"(?:{_NAME}(?:市|自治州|地区|盟))?"
    rf"(?:市?{_NAME}(?:市|区|县|旗))?"  # 市南区, 市中区
)


def hidden(value):
    """***: nothing is shown."""
    return _HIDDEN if value else ""


def name(value):
    """*超, **超: the surname is hidden and the last letter stays, with its marks.

    A long name gets `_MOST_STARS`: a name of 30 letters has to fit on a card and in an SMS, and
    nobody is known by how long the name is. Empty stays empty.
    """
    last = len(value) - 1
    while last > 0 and unicodedata.category(value[last])[0] == "M":
        last -= 1
    return "*" * min(last, _MOST_STARS) + value[last:] if last > 0 else "*" * bool(value)


def id_number(value):
    """370***********1234: the first three and the last four; the birth date stays hidden."""
    return _middle(value, first=3, last=ID_TAIL_LENGTH, lengths=range(15, 19))


def phone(value):
    """138****1234: the first three and the last four."""
    return _middle(value, first=3, last=4, lengths=range(11, 12))


def employee_number(value):
    """***01: the last two."""
    return _HIDDEN + value[-2:]


def card_number(value):
    """*****1058: the last four."""
    return _middle(value, first=0, last=4, lengths=range(9, 20))


def year(value):
    """1985-**-**: the year of a day; of a day in words nothing."""
    return f"{value:%Y}-**-**" if isinstance(value, date) else hidden(value)


def address(value):
    """山东省淄博市张店区***: up to the district. Without a district nothing is shown."""
    if not value:
        return ""
    shown = _DISTRICT.match(value)
    return (shown[0] if shown else "") + _HIDDEN


def _middle(value, *, first, last, lengths):
    if not value:
        return ""
    if len(value) not in lengths:
        return _HIDDEN
    return value[:first] + "*" * (len(value) - first - last) + value[-last:]
