"""The command that loads a roster."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories.rosters import NUMBER, OTHER

pytestmark = pytest.mark.django_db
ROWS = f"工号,姓名,社会保障号码\nT1,张超,{NUMBER}\nT2,,{OTHER}\n"


def test_the_command_reports_each_row_and_keeps_the_good_ones(tmp_path):
    file, report, output = tmp_path / "roster.csv", tmp_path / "report.csv", StringIO()
    file.write_text(ROWS, encoding="utf-8")
    call_command("load_roster", file, report=report, stdout=output)
    assert "第 3 行 姓名：请填写姓名。" in output.getvalue()
    assert "共 2 行：新增 1，更新 0，离职 0，没有变化 0，有问题 1 行。" in output.getvalue()
    assert report.read_text(encoding="utf-8-sig").splitlines()[1] == "3,姓名,请填写姓名。"


def test_the_command_fails_when_nothing_was_loaded(tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text(ROWS, encoding="utf-8")
    with pytest.raises(CommandError, match="没有导入任何一行"):
        call_command("load_roster", file, "--all-or-nothing", stdout=StringIO())
    with pytest.raises(CommandError, match="读不了文件"):
        call_command("load_roster", tmp_path / "missing.csv", stdout=StringIO())


def test_the_command_says_what_was_not_read_and_what_was_changed(tmp_path):
    file, output = tmp_path / "roster.csv", StringIO()
    text = f"教职工名册,2026 年\n职工号,姓 名,身份证号\n1234.0,张超,{NUMBER}\n"
    file.write_text(text, encoding="gbk")
    call_command("load_roster", file, stdout=output)
    assert "表头在第 2 行，它上面的 1 行没有读。" in output.getvalue()
    assert "第 3 行 工号：去掉了" in output.getvalue()
