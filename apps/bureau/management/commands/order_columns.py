"""Write into docs/bureau-files.md the columns that were declared after the agreement."""

import re

from apps.bureau import order_lines
from apps.common.generated_document import DocumentCommand

# Between the last column of the agreement and the portrait, which closes a row.
_LATER = re.compile(r"(?<=\n)(\| `branch` .*\n)((?:\| .*\n)*?)(\| `portrait` )")


def document(text):
    """`text` of the document with the rows of the fields that are declared now."""
    return _LATER.sub(lambda found: found[1] + _rows() + found[3], text, count=1)


def _rows():
    return "".join(
        f"| `{column}` | {label} | {_codes(declared)} |\n"
        for declared in order_lines.later()
        for column, label in declared.columns.items()
    )


def _codes(declared):
    if declared.codes is None:
        return "可空"
    return "，".join(f"`{value}` {label}" for value, label in declared.codes.choices) + "；可空"


class Command(DocumentCommand):
    help = "把后来增加的送制栏写进 docs/bureau-files.md；加 --check 只比较，不写入"
    document = "bureau-files.md"
    difference = "缺送制栏"

    def fresh(self, old):
        return document(old)
