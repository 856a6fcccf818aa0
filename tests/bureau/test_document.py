"""What docs/bureau-files.md tells the bureau is what the code does."""

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.bureau.adapters import files, order_file, report_file
from apps.bureau.enums import ReportKind
from apps.bureau.management.commands import order_columns
from apps.cards.enums import ReplacementReason
from apps.requests import registry
from tests.factories.bureau import HEARD
from tests.requests.political_status import FIELD

TEXT = (settings.BASE_DIR / "docs" / "bureau-files.md").read_text(encoding="utf-8")


def columns_of(heading):
    """The names in the first column of the table below `heading`."""
    section = TEXT.split(f"\n### {heading}\n")[1].split("\n#")[0]
    return re.findall(r"^\| `(\w+)` \|", section, flags=re.M)


def test_the_columns_of_the_order_file_are_described_in_their_order():
    assert columns_of("orders.csv") == list(order_file.header())


def test_a_field_that_is_declared_later_is_written_into_the_document(monkeypatch):
    call_command("order_columns", check=True)
    monkeypatch.setattr(registry, "_FIELDS", registry._FIELDS | {FIELD.name: FIELD})
    row = "| `political_status` | 政治面貌 | `01` 中共党员，`03` 共青团员，`13` 群众；可空 |"
    text = order_columns.document(TEXT)
    assert row in text
    assert text.index("`branch`") < text.index(row) < text.index("| `portrait`")
    assert order_columns.document(text) == text
    with pytest.raises(CommandError):
        call_command("order_columns", check=True)


def test_the_columns_of_the_report_file_are_described_in_their_order():
    assert columns_of("回盘文件") == list(report_file.COLUMNS)


def test_the_example_of_a_report_file_is_read_without_a_fault():
    header, example = re.findall(r"```csv\n(.*?)```", TEXT, flags=re.S)
    assert header.strip() == ",".join(report_file.COLUMNS)
    lines = report_file.read("example", example.encode(), at=HEARD).lines
    assert [line.fault for line in lines] == ["", "", ""]
    assert {line.report.kind for line in lines} == set(ReportKind)


def test_codes_periods_and_limits_are_those_of_the_code():
    assert all(f"`{reason}`" in TEXT for reason in ReplacementReason)
    assert f'"format": "{order_file.FORMAT}"' in TEXT
    assert f'"sealed": "{order_file.SEALED}"' in TEXT
    assert f"只保留 {settings.BUREAU_FILE_RETENTION.days} 天" in TEXT
    assert f"满 {files.SETTLES_AFTER.seconds // 60} 分钟" in TEXT
    assert f"不超过 {settings.REPORT_MAX_BYTES // 1024**2} MB" in TEXT
    assert all(f"`{folder}/`" in TEXT for folder in (files.DONE, files.QUARANTINE))
