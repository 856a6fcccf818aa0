"""docs/keys.md names every key of the settings, and only keys that are there."""

import re

from django.conf import settings

# What a setting of a key, a secret or a certificate is called.
_A_KEY = re.compile(r"\b(?:[A-Z]+_)*(?:KEYS?|SECRET|CERT|TOKEN)\b")
# Named in keys.md by what they are read from, or no key of the portal: an account's name, the
# folder or the name of something else.
_NO_KEY = {"ALIBABA_KEY_ID", "WEAK_KEY"}
SOURCES = ("parties", "sign_in", "monitoring", "settings")


def read_from_the_environment():
    """Names of keys that the settings read, as an installation sets them."""
    found = set()
    for name in SOURCES:
        text = (settings.BASE_DIR / "sbk_portal" / f"{name}.py").read_text(encoding="utf-8")
        calls = re.findall(r"(?:env\.\w+|given|_secret)\(\s*\"([A-Z_]+)\"", text)
        found |= {call for call in calls if _A_KEY.fullmatch(call)}
    return found - _NO_KEY


def test_every_key_of_the_settings_is_in_the_document():
    text = (settings.BASE_DIR / "docs" / "keys.md").read_text(encoding="utf-8")
    table = text[: text.index("## 二")]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| ")]
    named = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row[1])}
    keys = read_from_the_environment()
    assert len(keys) > 12
    assert keys - named == set()
    words = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}
    assert {name for name in named - words if _A_KEY.fullmatch(name)} - keys == set()
    assert words < named
    assert all(len(row) == 8 and all(cell.strip() for cell in row[1:-1]) for row in rows)
