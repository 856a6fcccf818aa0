"""What the WebViews of Android 8 lack (Chrome 64) has a fallback; see static/css/README.md.

The desk is left out, which is used on the office's computers, and the cashier, which stands in for
the page of a payment platform.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.test_styles import SHEETS

ROOT = Path(settings.BASE_DIR)
SCRIPTS = {
    path.name: path.read_text(encoding="utf-8")
    for path in [*sorted((ROOT / "static/js").glob("*.js")), ROOT / "templates/service_worker.js"]
}
# Syntax after ECMAScript 2017, and what came into Chrome after 64. A script with new syntax does
# not run at all there; a call of something unknown stops where it stands.
TOO_NEW = {
    "optional chaining": r"\?\.(?!\d)",
    "nullish coalescing": r"\?\?",
    "logical assignment": r"(?:\|\||&&)=",
    "catch without a name": r"catch\s*\{",
    "separator in a number": r"\b\d+_\d",
    "field of a class": r"class\s+\w+[^{]*\{\s*(?:static\s+)?#?\w+\s*[=;]",
    "private member": r"(?:this|\w)\.#\w",
    "method after Chrome 64": (
        r"\.(?:flat|flatMap|at|replaceAll|matchAll\(\/|findLast|toSorted|toggleAttribute"
        r"|replaceChildren|requestSubmit|hasOwn|allSettled|fromEntries)\("
    ),
    "global after Chrome 64": r"\b(?:globalThis|structuredClone|queueMicrotask|AbortController)\b",
    "selector after Chrome 64": (
        r"(?:querySelector(?:All)?|matches|closest)\([^)]*:(?:is|has|where)\("
    ),
}
OLD = SHEETS["old.css"]
OURS = [
    name
    for name in SHEETS
    if not name.startswith("desk/") and name not in {"old.css", "portal/cashier.css"}
]
# Of no consequence where it is unknown: the page only looks a little plainer.
NEEDS_EARLIER = {
    "a unit": r"\d(?:dvh|svh|lvh|dvw|cqw|cqi|cqh|cqb|cqmin|cqmax)\b",
    "a function": r"\b(?:min|max|clamp|env|color-mix|conic-gradient)\(",
    "a word": r"\banywhere\b",
}
UNKNOWN = {"inset", "inset-inline", "inset-block", "aspect-ratio", "translate", "scale", "rotate"}
PREFIXED = {"appearance", "mask", "mask-image"}


def without_words(script):
    """The script without comments and without what stands in quotes."""
    script = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", script, flags=re.DOTALL)
    return re.sub(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', '""', script)


def asked_first(script):
    """`script` without calls of methods that it asks for before (`if (!form.requestSubmit)`)."""
    for name in set(re.findall(r"!\w+\.(\w+)\b(?!\()", script)):
        script = script.replace(f".{name}(", ".known(")
    return script


def rules(sheet):
    """(list of selectors, declarations as pairs) of each rule; outside of paper."""
    for head, body in re.findall(r"([^{}]+)\{([^{}]*)\}", SHEETS[sheet]):
        selector = " ".join(head.split())
        if not selector.startswith("@"):
            yield selector, re.findall(r"([\w-]+):\s*([^;]+);", body)


def selectors_of(text):
    return [one.strip() for one in re.split(r",(?![^()]*\))", text)]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_understood_by_chrome_64(name):
    plain = asked_first(without_words(SCRIPTS[name]))
    quoted = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", SCRIPTS[name], flags=re.DOTALL)
    found = [what for what, pattern in TOO_NEW.items() if re.search(pattern, plain)]
    found += [
        what
        for what, pattern in TOO_NEW.items()
        if what.startswith("selector") and re.search(pattern, quoted)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "a?.b()",
        "const x = a ?? b;",
        "a ||= 1;",
        "try { f(); } catch { g(); }",
        "const n = 60_000;",
        "list.at(-1)",
        "class A { x = 1; }",
        "this.#hidden()",
        'document.querySelector("a:has(b)")',
    ],
)
def test_each_thing_that_is_too_new_is_seen(line):
    quoted = line
    assert any(
        re.search(pattern, quoted if what.startswith("selector") else without_words(line))
        for what, pattern in TOO_NEW.items()
    )


def test_what_is_old_enough_is_not_taken_for_new():
    line = 'const x = a ? .5 : b; const { c, ...rest } = d; f(async () => {}); "a ?? b";'
    assert [w for w, p in TOO_NEW.items() if re.search(p, without_words(line))] == []
    asks = asked_first("if (!form.requestSubmit) return; form.requestSubmit(); list.at(-1);")
    assert "requestSubmit(" not in asks
    assert ".at(" in asks


def test_a_value_that_is_too_new_follows_one_that_is_known():
    """In the same rule: an unknown value is skipped, so that the one before it holds."""
    offences = []
    for sheet in OURS:
        for selector, pairs in rules(sheet):
            seen = set()
            for name, value in pairs:
                is_new = any(re.search(pattern, value) for pattern in NEEDS_EARLIER.values())
                is_answered_here = any(name.startswith(one) for one in seen - {"--"})
                if is_new and (not is_answered_here or name.startswith("--")):
                    offences.append(f"{sheet}: {selector} {{ {name}: {value} }}")
                if not is_new:
                    seen.add(name)
    assert [one for one in offences if not is_answered(one.split(": ", 1)[1])] == []


def is_answered(offence):
    """Whether old.css has a rule for the selectors of `offence`."""
    return all(
        f"{one} {{" in OLD or f"{one}," in OLD for one in selectors_of(offence.split(" {")[0])
    )


def test_a_property_that_is_unknown_has_an_answer():
    offences = [
        f"{sheet}: {selector} {{ {name}"
        for sheet in OURS
        for selector, pairs in rules(sheet)
        for name, _ in pairs
        if (name in UNKNOWN and not is_answered(selector))
        or (name in PREFIXED and f"-webkit-{name}" not in dict(pairs))
    ]
    assert offences == []


def test_a_gap_has_an_answer():
    """`gap` came with Chrome 66 for grids, 84 for flexible boxes; old.css has margins instead."""
    missing = []
    for sheet in OURS:
        for selector, pairs in rules(sheet):
            if {"gap", "row-gap", "column-gap"} & {n for n, _ in pairs} and "grid-gap" not in dict(
                pairs
            ):
                missing += [
                    f"{sheet}: {one}"
                    for one in selectors_of(selector)
                    if not any(
                        wanted in OLD for wanted in (f"{one},", f"{one} {{", f"{one} > * + *")
                    )
                ]
    assert missing == []


def test_a_selector_that_is_unknown_stands_alone():
    """One unknown selector makes a browser skip the whole rule, so it may not stand in a list."""
    late = re.compile(r":(?:is|where|has|focus-visible)\(?|:not\([^()]*,|::file-selector-button")
    offences = []
    for sheet in OURS:
        for selector, _ in rules(sheet):
            parts = selectors_of(selector)
            newer = [one for one in parts if late.search(one)]
            forbidden = re.search(r":(?:is|where)\(", selector)
            if forbidden or (newer and len(newer) < len(parts)):
                offences.append(f"{sheet}: {selector}")
    assert offences == []


# What such a browser skips without any answer being possible beside it.
FORBIDDEN = {
    "logical property": r"(?:^|[{;\s])(?:(?:margin|padding|border|inset)-(?:inline|block)[\w-]*"
    r"|(?:inline|block)-size)\s*:",
    "nested rule": r"\{[^{}]*&[^{}]*\{",
    "light-dark()": r"light-dark\(",
    "range in a media query": r"@media[^{]*\([^)]*[<>]",
    "colour without commas": r"\b(?:rgb|hsl)a?\(\s*[\d.]+%?\s+[\d.]",
}


@pytest.mark.parametrize("sheet", [*OURS, "old.css"])
def test_a_sheet_has_nothing_that_chrome_64_skips(sheet):
    assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, SHEETS[sheet])] == []


@pytest.mark.parametrize(
    "rule",
    [
        "a { margin-inline: 0; }",
        "a { padding-block-start: 0; }",
        "a { color: red; &:hover { color: blue; } }",
        "a { color: light-dark(#fff, #000); }",
        "@media (width >= 40rem) { a { top: 0; } }",
        "a { color: rgb(0 0 0 / 50%); }",
    ],
)
def test_each_thing_that_chrome_64_skips_is_seen(rule):
    assert any(re.search(pattern, rule) for pattern in FORBIDDEN.values())


def test_the_answers_are_for_old_browsers_only():
    assert OLD.strip().startswith("@supports not (inset: 0) {")
    assert OLD.count("@supports") == 1
