"""What the facts of an event say, in words for an auditor."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from apps.backoffice.audit import facts
from apps.desk import event_kinds
from apps.desk.event_kinds import RuleAction
from tests.backoffice.audit.steps import event

pytestmark = pytest.mark.django_db


def test_facts_are_words_and_no_json():
    told = facts.in_words(
        {"is_full": True, "rows": 1, "scope": ["甲", "乙"], "format": {"rows": 0}, "from": None}
    )
    assert told == [
        ("完整号码", "是"),
        ("件数", "1"),
        ("范围", "甲、乙"),
        ("格式", "件数 0"),
        ("原领办人工号", "无"),
    ]


def test_every_fact_that_a_service_writes_has_a_chinese_name():
    """Read from the source: the literal keys of each `facts=…`, and of each `facts = …`."""
    unnamed = []
    for path in Path(settings.BASE_DIR).glob("apps/**/*.py"):
        source = path.read_text(encoding="utf-8")
        if "facts" not in source or "/migrations/" in path.as_posix():
            continue
        for node in ast.walk(ast.parse(source)):
            is_argument = isinstance(node, ast.keyword) and node.arg == "facts"
            is_variable = isinstance(node, ast.Assign) and any(
                isinstance(name, ast.Name) and name.id == "facts" for name in node.targets
            )
            if not (is_argument or is_variable):
                continue
            keys = [
                key for part in ast.walk(node) if isinstance(part, ast.Dict) for key in part.keys
            ]
            unnamed += [
                f"{path.name}: {key.value}"
                for key in keys
                if isinstance(key, ast.Constant) and key.value not in facts.LABELS
            ]
    assert unnamed == []


def test_a_change_of_the_rules_reads_as_a_sentence(auditor):
    event(
        kind=event_kinds.RULES,
        action=RuleAction.CHANGE,
        reference="370100",
        facts={
            "what": "rule",
            "valid_from": "2027-01-04",
            "before": {"postage_same_city_fen": 1000},
            "after": {"postage_same_city_fen": 800},
        },
    )
    html = auditor.get(reverse("admin:events_event_changelist")).content.decode()
    assert "2027-01-04 起：同城邮寄费 10.00 元 → 8.00 元" in html
    assert reverse("admin:regions_city_change", args=["370100"]) in html
