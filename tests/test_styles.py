"""The rules of static/css/README.md: one place for each value, each component and each sheet."""

import re
from collections import defaultdict
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "static" / "css"
SHEETS = {
    path.relative_to(FOLDER).as_posix(): re.sub(
        r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    for path in sorted(FOLDER.rglob("*.css"))
}
TEMPLATES = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "templates").rglob("*.html"))
)
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for pattern in ("apps/**/*.py", "static/js/*.js")
    for path in sorted(ROOT.glob(pattern))
)
TOKENS = "tokens.css"
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|color)\(|(?<![\w-])(?:white|black|red|gray|grey)(?![\w-])",
    re.IGNORECASE,
)
LENGTH = re.compile(r"(?<![\w-])\d*\.?\d+(?:rem|px|pt)\b")
SPACED = re.compile(r"(?:margin|padding|gap|row-gap|column-gap)(?:-[a-z-]+)?$")
# Words that Django's pages or htmx write.
FOREIGN = {"breadcrumbs", "dashboard", "errorlist", "module", "htmx-request"} | {
    "closelink",
    "submit-row",
}
# Django's own sheets read these.
MAPPED = SHEETS["desk/frame.css"].split("html {", 1)[1].split("}")[0]
DJANGO = set(re.findall(r"(--[\w-]+):", MAPPED))


def selectors(sheet):
    """The lists of selectors of a sheet, without at-rules."""
    for text in re.findall(r"([^{};]+)\{", SHEETS[sheet]):
        if not text.strip().startswith("@") and not re.fullmatch(r"\s*(from|to|\d+%)\s*", text):
            yield text.strip()


def declarations(sheet):
    return re.findall(r"([\w-]+):\s*([^{};]+);", SHEETS[sheet])


def split(text):
    """The selectors of a list, at the commas that stand in no bracket."""
    return [one.strip() for one in re.split(r",(?![^()]*\))", text)]


def others():
    return [sheet for sheet in SHEETS if sheet != TOKENS]


def test_a_colour_stands_in_the_tokens_alone():
    found = [
        f"{sheet}: {name}: {value}"
        for sheet in others()
        for name, value in declarations(sheet)
        if COLOUR.search(re.sub(r"--[\w-]+", "", value))
    ]
    assert found == []


def test_spaces_sizes_of_type_radii_and_shadows_stand_in_the_tokens_alone():
    found = []
    for sheet in others():
        for name, value in declarations(sheet):
            bound = SPACED.match(name) or name in {"font-size", "font", "border-radius"}
            if bound and LENGTH.search(value):
                found.append(f"{sheet}: {name}: {value}")
    assert found == []


def test_every_token_is_defined_and_used():
    defined = {name for sheet in SHEETS for name in re.findall(r"(--[\w-]+):", SHEETS[sheet])}
    used = {name for sheet in SHEETS for name in re.findall(r"var\((--[\w-]+)", SHEETS[sheet])}
    assert used - defined - {"--font-family-monospace"} == set()
    assert defined - used - DJANGO == set()


def test_a_tone_of_the_dark_theme_stands_once():
    dark = [sheet for sheet in SHEETS if re.search(r"var\(--(dark|light),", SHEETS[sheet])]
    assert dark == [TOKENS]
    assert [sheet for sheet in SHEETS if re.search(r"--(dark|light): ;", SHEETS[sheet])] == [
        "dark.css",
        TOKENS,
    ]
    assert [sheet for sheet in SHEETS if "prefers-color-scheme" in SHEETS[sheet]] == []


def test_no_component_is_defined_in_two_sheets():
    """A class is defined where a rule begins with it and names nothing around it."""
    homes = defaultdict(set)
    for sheet in others():
        if sheet in {"portal/print.css", "old.css"}:  # they change what others define
            continue
        for text in selectors(sheet):
            for one in split(text):
                is_alone = re.search(r"[\s>+~]", re.sub(r"\([^()]*\)", "", one)) is None
                if is_alone and (match := re.match(r"\.([\w-]+)", one)):
                    homes[match[1]].add(sheet)
    assert {name: sorted(where) for name, where in homes.items() if len(where) > 1} == {}


def test_every_sheet_is_linked_by_a_page():
    linked = set(re.findall(r'static "css/([\w/.-]+\.css)"', TEMPLATES))
    assert linked == set(SHEETS)


def test_every_class_in_a_sheet_is_written_by_something():
    written = set(re.findall(r"[\w-]+", TEMPLATES + CODE))
    dead = []
    for sheet in SHEETS:
        for text in selectors(sheet):
            for name in re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"\"[^\"]*\"", "", text)):
                value = name.removeprefix("is-").upper()  # is-{{ outcome|lower }}
                column = name.removeprefix("field-")  # by Django, for each column of a list
                if written.isdisjoint({name, value, column}) and name not in FOREIGN:
                    dead.append(f"{sheet}: .{name}")
    assert sorted(set(dead)) == []


def test_no_page_carries_a_style_of_its_own():
    assert re.findall(r"<style|\sstyle=", TEMPLATES) == []
