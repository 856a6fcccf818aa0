"""The table of CONTRIBUTING.md names files that exist."""

import re

from django.conf import settings

TEXT = (settings.BASE_DIR / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATH = re.compile(r"`((?:apps|sbk_portal|templates|tests)/[\w/.]+\.\w+)`")


def test_every_file_that_is_named_is_there():
    named = PATH.findall(TEXT)
    assert len(named) > 15
    assert [path for path in named if not (settings.BASE_DIR / path).is_file()] == []
