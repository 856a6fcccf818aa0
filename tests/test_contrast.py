"""Every pair of tokens that a page uses is told apart in both themes (WCAG 2.2, 1.4.3, 1.4.11).

The figures come from tokens.css: 4.5:1 for words, 3:1 for icons, edges and what is filled.
"""

import re
from itertools import product

import pytest

from tests.test_styles import SHEETS

GROUNDS = ("page", "surface", "sunken")
WORDS = [
    *product(("ink", "ink-2", "ink-3", "brand-ink", "brand-deep"), GROUNDS),
    *product(("ok", "warn", "bad"), ("page", "surface")),
    *((tone, f"{tone}-soft") for tone in ("ok", "warn", "bad")),
    *product(("ink", "ink-2", "brand-ink"), ("brand-soft", "ok-soft", "warn-soft", "bad-soft")),
    ("on-fill", "fill"),
    ("on-fill", "fill-deep"),
    ("surface", "bad"),  # the number on the bell
    ("ink-2", "line"),  # a button that waits
    ("brand-ink", "halo"),  # a tonal button under a finger
    ("white", "bar"),
    ("white", "bar-deep"),
    ("bar-ink", "bar-deep"),
    # On the card: blue, in its sleeve, frosted, grey, retired; and the words of its chip
    *product(("white",), ("card-a", "card-b", "card-ash-a", "card-ash-b")),
    ("card-paper-ink", "card-paper"),
    *product(("card-ice-ink",), ("card-ice-a", "card-ice-b")),
    ("card-dead-ink", "card-dead"),
    *product(("card-green", "card-blue", "card-amber", "card-red", "card-grey"), ("white",)),
]
LINES = [
    *product(("brand", "fill", "edge", "ink"), ("page", "surface")),
    *product(("ok", "warn", "bad"), GROUNDS),
    ("brand", "brand-soft"),
    ("chart", "surface"),
]


def block(selector):
    """The tokens of the rule that begins with `selector` at the start of a line, by their names."""
    body = re.search(rf"^{re.escape(selector)} \{{(.*?)^\}}", SHEETS["tokens.css"], re.M | re.S)[1]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))


def tones(theme, selector=":root"):
    """Name → colour of the tokens that are one colour, as a page of `theme` has them."""
    found = {}
    for name, value in (block(":root") | block(selector)).items():
        chosen = re.search(rf"var\(--{theme}, (#[0-9a-f]+)\)", value) or re.fullmatch(
            r"(#[0-9a-f]+)", value
        )
        if chosen:
            found[name] = chosen[1]
    return found


def luminance(colour):
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_weak(pairs, *, least, of):
    found = {}
    for front, ground in pairs:
        ratio = contrast(of[front], of[ground])
        if ratio < least:
            found[f"{front} on {ground}"] = round(ratio, 2)
    return found


def test_the_ratio_is_computed_as_the_standard_says():
    assert round(contrast("#000", "#ffffff"), 2) == 21
    assert round(contrast("#767676", "#fff"), 2) == 4.54


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_are_read_on_every_ground_that_they_stand_on(theme):
    assert too_weak(WORDS, least=4.5, of=tones(theme)) == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_icons_and_edges_are_seen(theme):
    assert too_weak(LINES, least=3, of=tones(theme)) == {}


@pytest.mark.parametrize(
    ("theme", "ground"), product(["light", "dark"], [*GROUNDS, "brand-soft", "bar"])
)
def test_one_of_the_two_rings_of_the_focus_is_seen_on_any_ground(theme, ground):
    of = tones(theme)
    assert max(contrast(of[ring], of[ground]) for ring in ("focus", "ink")) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_cashier_is_read_too(theme):
    of = tones(theme, ".till")
    words = [*product(("ink", "ink-2"), ("page", "surface")), ("ink", "warn-soft")]
    assert too_weak([*words, ("on-fill", "fill")], least=4.5, of=of) == {}
    assert too_weak([("edge", "surface"), ("focus", "surface")], least=3, of=of) == {}


def test_every_tone_has_a_partner_for_the_night():
    """A token with one tone for both themes is on the list of those that are meant so."""
    both = {name for name, value in block(":root").items() if re.fullmatch(r"#[0-9a-f]+", value)}
    drawn = {"between", "paper-ink"} | {
        name for name in both if name.startswith(("mark-", "card-", "hero-"))
    }
    assert both - drawn == {"white", "focus", "bar-ink"}
