import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.people.enums import EntryOutcome
from apps.roster import loading
from apps.sheets.cells import UnreadableSheet
from apps.sheets.formulas import as_words


class Command(BaseCommand):
    help = (
        "Loads the staff roster from a CSV, .xlsx or .xls file with Chinese headings, and reports "
        "each refused row. "
        f"Headings: {' '.join(loading.COLUMNS)}; needed: {' '.join(loading.REQUIRED)}. May run any "
        "time again. Fails when nothing was loaded."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="UTF-8 or GBK, comma or tab")
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--keep-good",
            dest="is_all_or_nothing",
            action="store_false",
            help="load the good rows (the default)",
        )
        how.add_argument(
            "--all-or-nothing",
            dest="is_all_or_nothing",
            action="store_true",
            help="load nothing when one row is wrong",
        )
        parser.set_defaults(is_all_or_nothing=False)
        parser.add_argument("--photos", type=Path, help="folder of the pictures in column 照片")
        parser.add_argument("--report", type=Path, help="write the refused rows to this CSV file")

    def handle(self, *, file, is_all_or_nothing, photos, report, **options):
        try:
            result = loading.load(
                content=file.read_bytes(),
                photo_folder=photos,
                is_all_or_nothing=is_all_or_nothing,
                by=None,
                at=timezone.now(),
            )
        except OSError as error:
            raise CommandError(f"读不了文件 {file}：{error.strerror}。") from error
        except UnreadableSheet as refusal:
            raise CommandError(refusal.message) from refusal
        self._tell(result)
        if report:
            _write(report, result.problems)
        if result.problems and not sum(result.entered.values()):
            raise CommandError("没有导入任何一行。请按上面的说明改正后重试。")

    def _tell(self, result):
        if result.unknown_columns:
            self.stdout.write(f"没有用到的列：{'、'.join(result.unknown_columns)}")
        for remark in result.remarks:
            self.stdout.write(remark)
        for note in result.notes:
            self.stdout.write(f"第 {note.line} 行 {note.column}：{note.reason}")
        for problem in result.problems:
            self.stdout.write(f"第 {problem.line} 行 {problem.column}：{problem.reason}")
        counts = "，".join(f"{entry.label} {result.entered[entry]}" for entry in EntryOutcome)
        self.stdout.write(f"共 {result.rows} 行：{counts}，有问题 {len(result.refused_lines)} 行。")


def _write(path, problems):
    """Write the problems as CSV, with a mark by which spreadsheet programs recognise UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["行", "列", "原因"])
        writer.writerows(
            (problem.line, as_words(problem.column), as_words(problem.reason))
            for problem in problems
        )
