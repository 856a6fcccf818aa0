"""docs/deployment.md names every variable that the settings read, with its default."""

import re
import runpy

from django.conf import settings

from sbk_portal import environment, rules
from tests.settings_process import PRODUCTION

READERS = ("environment", "database", "monitoring", "parties", "rules", "sign_in", "settings")


def sources():
    for name in (
        "environment",
        "database",
        "monitoring",
        "parties",
        "rules",
        "sign_in",
        "settings",
    ):
        yield (settings.BASE_DIR / "sbk_portal" / f"{name}.py").read_text(encoding="utf-8")


def guide_rows():
    """The variables and the other cells of each row of the operators' guide."""
    guide = (settings.BASE_DIR / "docs" / "deployment.md").read_text(encoding="utf-8")
    for line in guide.splitlines():
        if line.startswith("| `"):
            names, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            yield re.findall(r"`([A-Z_]+)`", names), cells


def test_the_operators_guide_lists_exactly_the_variables_that_are_read():
    read = set(re.findall(r"""(?:env\.\w+|_secret|given)\(\s*"([A-Z_]+)\"""", "".join(sources())))
    listed = [name for names, _ in guide_rows() for name in names]
    assert set(listed) == read | set(PRODUCTION)
    optional = [name for names, cells in guide_rows() if len(cells) == 2 for name in names]
    assert len(optional) == len(set(optional))


class DefaultsOnly:
    """Stands for the environment in which nothing is set, and notes the defaults of numbers."""

    def __init__(self):
        self.numbers = {}

    def int(self, name, default):
        self.numbers[name] = default
        return default

    float = int

    def str(self, name, default):
        return default

    bool = list = str


def test_the_operators_guide_names_the_default_of_every_rule(monkeypatch):
    nothing = DefaultsOnly()
    monkeypatch.setattr(environment, "env", nothing)
    runpy.run_path(rules.__file__)
    shown = {}
    for names, cells in guide_rows():
        if len(cells) == 2:
            shown |= dict(zip(names, cells[0].split("、"), strict=False))
    units = {None: 1, " MB": 1024 * 1024, " 万": 10_000}
    numbers = {
        name: float(found[1]) * units[found[2]]
        for name, text in shown.items()
        if (found := re.fullmatch(r"([0-9.]+)( MB| 万)?", text))
    }
    assert nothing.numbers
    assert {name: numbers.get(name) for name in nothing.numbers} == nothing.numbers
