"""What a spreadsheet may take for a formula (OWASP, CSV injection), and how a file prevents it.

Only files that people open in a spreadsheet need this. A file for a program keeps its values.
"""

import re

# In half and in full width, whatever blanks stand before it.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
# An apostrophe, which `cells.from_text` removes when the file is read again.
_MARK = "'"


def as_words(text):
    """`text` for a CSV cell: what may be a formula begins with an apostrophe and stays words."""
    return f"{_MARK}{text}" if _FORMULA.match(text) else text
