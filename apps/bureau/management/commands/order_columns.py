"""Write into docs/bureau-files.md the columns that were declared after the agreement."""

import re
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.bureau import order_lines

PATH = Path(settings.BASE_DIR) / "docs" / "bureau-files.md"
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


class Command(BaseCommand):
    help = "把后来增加的送制栏写进 docs/bureau-files.md；加 --check 只比较，不写入"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="不写入，文件过期时报错退出")

    def handle(self, *args, check, **options):
        old = PATH.read_text(encoding="utf-8")
        fresh = document(old)
        if not check:
            PATH.write_text(fresh, encoding="utf-8")
            self.stdout.write(f"已写入 {PATH.name}")
        elif fresh != old:
            raise CommandError("docs/bureau-files.md 缺送制栏，请运行 manage.py order_columns")
