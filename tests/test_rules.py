"""What a page says of a rule is read from the rule: no text holds its value beside its unit."""

import ast
import functools
import re
from datetime import timedelta

import pytest
from django.conf import settings

from apps.common.rules import duration, rule_text
from apps.regions.models import CityRule
from apps.regions.wording import Range
from sbk_portal import rules
from tests.source_code import ROOT, nodes_of, sources

HAN = re.compile(r"[\u4e00-\u9fff]")
NUMERALS = "零一二三四五六七八九"
# Unit → how else people write it.
UNITS = {
    "周岁": "周?岁",
    "天": "(?:天|个?自然日)",
    "个自然日": "(?:天|个?自然日)",
    "个工作日": "个?工作日",
    "个月": "个月",
    "小时": "个?小时",
    "MB": "(?:MB|兆)",
}
# Texts with the number of a rule beside its unit that speak of something else.
EXCEPTIONS = [
    "邮政编码应为 6 位数字",  # the post's
    "行政区划代码，6 位数字",  # GB/T 2260
    "地区代码应为 6 位数字",
    "银行代码应为 5 或 6 位的客服电话",
    "后六位",  # of an ID number
    "不到1分钟",  # of what is left
    "两分钟内会退出",  # the warning before a session ends
    "两分钟内会自动退出",
    "不满十四周岁人数",  # the law's (个人信息保护法 第三十一条)
]

COMMENTS = {
    ".html": re.compile(r"{#.*?#}|{% comment.*?endcomment %}", flags=re.S),
    ".txt": re.compile(r"{#.*?#}"),
    ".js": re.compile(r"^\s*//.*", flags=re.M),
}


def names_with_a_unit():
    for name in sorted(vars(rules)):
        if name.isupper():
            try:
                rule_text(name)
            except LookupError:
                continue
            yield name


def sentences_of_rules():
    """(name, how it reads) of every rule of the portal and of a city that was asked for nothing."""
    for name in names_with_a_unit():
        yield name, rule_text(name)
    for name in CityRule.NUMBERS:
        value = CityRule._meta.get_field(name).default
        if value:
            yield name, str(Range(name, value, value))


def in_numerals(number):
    """16 → 十六, 90 → 九十; 2 also as 两. None beyond 99, and for 1, which is mostly an article."""
    if not 1 < number < 100:
        return None
    tens, ones = divmod(number, 10)
    ten = f"{NUMERALS[tens] if tens > 1 else ''}十" if tens else ""
    return "[二两]" if number == 2 else ten + (NUMERALS[ones] if ones else "")


def pattern_of(sentence):
    """A pattern for `sentence` (7天) however it is typed: 7 天, 七天, 7 个自然日."""
    number, unit = re.fullmatch(r"([\d.×]+)\s*(\D*)", sentence).groups()
    numerals = in_numerals(int(number)) if number.isdigit() else None
    numbers = rf"(?<![\d.]){re.escape(number)}(?:\.00)?"
    if numerals:
        numbers += rf"|(?<![{NUMERALS}十百]){numerals}"
    return re.compile(rf"(?:{numbers})\s*{UNITS.get(unit, re.escape(unit))}")


PATTERNS = {name: pattern_of(sentence) for name, sentence in sentences_of_rules()}
ANY = re.compile("|".join(sorted({pattern.pattern for pattern in PATTERNS.values()})))


def literals(tree):
    """The texts of a module that people read: strings with a Chinese character, no docstring."""
    docstrings = {
        id(node.body[0].value)
        for node in nodes_of(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes_of(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings and HAN.search(node.value):
            yield node.value


def _texts():
    for name, tree in sources():
        for text in literals(tree):
            yield ROOT / name, text
    for pattern in ("templates/**/*.html", "templates/**/*.txt", "static/js/*.js"):
        for path in sorted(ROOT.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            yield path, COMMENTS[path.suffix].sub("", text)


@functools.cache
def texts():
    """(file, text) of everything that the portal can say."""
    return list(_texts())


def without_exceptions(text):
    for exception in EXCEPTIONS:
        text = text.replace(exception, "")
    return text


@pytest.mark.slow
def test_no_text_types_the_value_of_a_rule():
    typed = [
        f"{path.relative_to(ROOT)}: {found[0]} ({name})"
        for path, text in texts()
        if ANY.search(without_exceptions(text))
        for name, pattern in PATTERNS.items()
        if (found := pattern.search(without_exceptions(text)))
    ]
    assert typed == []


def test_every_exception_is_needed():
    said = "\n".join(text for _, text in texts())
    assert [exception for exception in EXCEPTIONS if exception not in said] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("UNPAID_LAPSE", "提交后 7 天内"),
        ("UNPAID_LAPSE", "提交后七天内"),
        ("loss_report_days", "停用7个自然日"),
        ("postage_same_city_fen", "同城10元"),
        ("postage_elsewhere_fen", "16.00 元"),
        ("GUARDIAN_UNTIL_AGE", "未满十六周岁"),
        ("REPLACEMENT_FROM_AGE", "满18岁"),
        ("PORTRAIT_RETENTION", "满九十天"),
        ("DATA_RETENTION", "办结已满两年"),
        ("PICTURE_MAX_BYTES", "不超过10MB"),
        ("REVIEW_WORKING_DAYS", "3 个工作日内"),
        ("CHECK_LIFETIME", "30分钟内有效"),
    ],
)
def test_the_patterns_know_how_people_type(name, text):
    assert PATTERNS[name].search(text)


@pytest.mark.parametrize("text", ["17天", "110元", "最后一天", "2026年", "4.16 MB", "约一分钟"])
def test_the_patterns_leave_other_numbers_alone(text):
    assert [name for name, pattern in PATTERNS.items() if pattern.search(text)] == []


def test_every_rule_that_a_template_names_can_be_said():
    names = {
        name
        for path in ROOT.glob("templates/**/*.html")
        for name in re.findall(r'{% rule "(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert names
    assert names <= set(names_with_a_unit())


def test_a_number_without_a_unit_is_one_that_no_page_has_to_say():
    """Who adds a rule gives its name a unit, or puts it here: switches, measures of a picture."""
    bare = {name for name in vars(rules) if name.isupper()} - set(names_with_a_unit())
    assert bare == {
        "SAVED_LISTS_AT_MOST",
        "DEMO",
        "PORTAL_OPERATOR",
        "INSTITUTION_CITY",
        "INSTITUTION_BANK",
        "LATE_NOTICE_HOUR",
        "SHEET_FROM_HOUR",
        "DIGEST_HOUR",
        "REVIEW_SECOND_REVIEW",
        "UPLOADS_AN_HOUR",
        "LOOKS_NAME_STAFF",
        "FACES_ENABLED",
        "FACE_SIMILAR_BELOW",
        "FACE_DIFFERENT_ABOVE",
        "FACE_SAME_BELOW",
        "PORTRAIT_WHITE_LEVEL",
        "PORTRAIT_TINT_LIMIT",
        "PORTRAIT_SHARPNESS",
        "PORTRAIT_EXPOSURE",
    }


def test_a_time_is_whole_seconds():
    for name in names_with_a_unit():
        value = getattr(settings, name)
        if isinstance(value, timedelta):
            assert duration(value)


def test_whom_to_ask_is_read_from_the_setting():
    """Only examples of placeholders name somebody, and consents, to whose words people agreed."""
    typed = re.compile("人事处[^，。；：{]*窗口")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "templates").rglob("*.*"))
        if "consents" not in path.parts and typed.search(path.read_text())
    ]
    for name, tree in sources(holding=typed.pattern):
        examples = {
            id(argument)
            for call in nodes_of(tree)
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Placeholder"
            for argument in call.args
        }
        texts = [node for node in nodes_of(tree) if isinstance(node, ast.Constant)]
        if any(id(node) not in examples and typed.search(str(node.value)) for node in texts):
            found.append(name)
    assert [name for name in found if not name.startswith("apps/demo/")] == []
