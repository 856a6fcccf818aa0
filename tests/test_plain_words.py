"""What people read is said as one person says it to another: no words of an office.

The agreements keep the words of the law, and the manual's own sentences stay as they are.
"""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
OFFICE_WORDS = {
    "不予": "不",
    "予以": "leave it out",
    "知悉": "知道",
    "尚未": "还没有",
    "逾期": "到期没有, or 超期",
    "如需": "要……的",
    "系统将": "say who does what",
    "无需": "不用",
    "无法": "不能",
    "另行": "另外, or 再",
    "受阻": "没有做成",
    "补正": "补好",
    "方可": "才能",
    "务必": "请",
    "敬请": "请",
    "烦请": "请",
    "特此": "leave it out",
    "所称": "写的",
    "不得": "不能",
    "于此前": "以前",
    "在此日前": "最晚",
    "未能": "没能",
}
OFFICE = re.compile("|".join(OFFICE_WORDS))
NOT_ON_A_SCREEN = ("所称交易状态", "所称订单号", "所称金额（元）", "未能自动办理")
"""Names of columns that only the database and docs/personal-data.md show."""


def strings_of(path):
    """(line, text) of every string of a module except docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def what_people_read():
    for path in sorted((BASE / "apps").rglob("*.py")):
        if "migrations" not in path.parts:
            for line, text in strings_of(path):
                if not text.startswith(NOT_ON_A_SCREEN):
                    yield f"{path.relative_to(BASE)}:{line}", text
    for folder, names in (("templates", ("*.html", "*.txt")), ("static/js", ("*.js",))):
        for name in names:
            for path in sorted((BASE / folder).rglob(name)):
                if "consents" not in path.parts:
                    for line, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                        yield f"{path.relative_to(BASE)}:{line}", text


def test_no_sentence_has_a_word_of_an_office():
    found = [
        f"{place}: {word} ({OFFICE_WORDS[word]})"
        for place, text in what_people_read()
        for word in OFFICE.findall(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("text", ["逾期未缴费", "不予确认", "将另行通知"])
def test_such_words_are_found(text):
    assert OFFICE.search(text)
