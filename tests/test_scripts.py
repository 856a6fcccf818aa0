"""Our scripts take nothing from outside into the shape of an object (prototype pollution)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SCRIPTS = sorted((Path(settings.BASE_DIR) / "static/js").glob("*.js"))
# A key that is not written in the code, and what copies all keys of an object.
WAYS = {
    "a computed key": re.compile(r"[\w)]\[[^\]\d][^\]]*\]\s*=[^=>]"),
    "a copy of all keys": re.compile(
        r"Object\.(assign|fromEntries|defineProperty)\((?!document\.)"
    ),
    "the prototype": re.compile(r"__proto__|\.prototype\b|setPrototypeOf"),
}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
@pytest.mark.parametrize("way", WAYS)
def test_no_script_writes_under_a_name_from_outside(script, way):
    assert WAYS[way].findall(script.read_text(encoding="utf-8")) == []


def test_the_scripts_are_found():
    assert len(SCRIPTS) > 15
