"""Six key pages look as on file; `make shots` takes their pictures anew."""

import os
import shutil
import subprocess
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageFilter

from apps.cards.enums import CardStatus, RequestStatus
from apps.desk.claims import services as claims
from tests.browser import shots
from tests.chromium import DESKTOP, PHONE, SETTLED
from tests.factories.cards import make_card, make_request
from tests.factories.people import make_holder, make_reviewer

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FONT = "WenQuanYi Zen Hei"
FAILED = django_settings.VAR_DIR / "shots"


@pytest.fixture
def _same_surroundings(monkeypatch):
    """The same moment in all pages, and the font that the pictures on file were taken with."""
    fonts = subprocess.run(["fc-list", "--", FONT], capture_output=True, text=True, check=False)
    if not shutil.which("fc-list") or not fonts.stdout.strip():
        reason = f"the font {FONT} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def ago(**length):
    return NOW - timedelta(**length)


def home(status):
    def open_home(signed_in, options):
        card = make_card(status, at=ago(days=2))
        page = signed_in(card.holder, **options)
        page.goto("/")
        return page

    return open_home


def home_with_a_card_on_its_way(signed_in, options):
    card_request = make_request(RequestStatus.APPROVED, at=ago(days=4))
    page = signed_in(card_request.holder, **options)
    page.goto("/")
    return page


def sign_in(signed_in, options):
    page = signed_in(make_holder(), **options)
    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    return page


def progress(signed_in, options):
    card_request = make_request(RequestStatus.APPROVED, at=ago(days=4))
    page = signed_in(card_request.holder, **options)
    page.goto(card_request.get_absolute_url())
    return page


def decision(signed_in, options):
    card_request = make_request(RequestStatus.ACCEPTED, at=ago(days=1))
    reviewer = make_reviewer()
    claims.claim(subject=card_request, by=reviewer, at=NOW)
    page = signed_in(make_holder(name="李审", user=reviewer), **options)
    page.goto(reverse("admin:cards_cardrequest_change", args=[card_request.reference]))
    return page


PAGES = [
    ("home-active", home(CardStatus.ACTIVE), PHONE, "light"),
    ("home-frozen", home(CardStatus.SUSPENDED), PHONE, "dark"),
    ("home-on-its-way", home_with_a_card_on_its_way, PHONE, "light"),
    ("sign-in", sign_in, PHONE, "light"),
    ("progress", progress, DESKTOP, "light"),
    ("decision", decision, DESKTOP, "light"),
]


def settled(page, theme):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.mouse.move(0, 0)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.evaluate(SETTLED)
    return page


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_same_surroundings", "filed_portrait")
@pytest.mark.parametrize(
    ("name", "opened", "viewport", "theme"), PAGES, ids=[name for name, *_ in PAGES]
)
def test_a_page_looks_as_on_file(signed_in, name, opened, viewport, theme):
    page = settled(opened(signed_in, {"viewport": viewport}), theme)
    image = shots.take(page)
    if os.environ.get("SHOTS") == "write":
        shots.keep(name, image)
    before = shots.on_file(name)
    share = shots.changed(before, image) if before else 1.0
    if share > shots.MOST_CHANGED:
        FAILED.mkdir(parents=True, exist_ok=True)
        image.save(FAILED / f"{name}.png")
    assert share <= shots.MOST_CHANGED, (
        f"{share:.1%} of {name} looks different: compare {FAILED / name}.png with "
        f"{shots.FOLDER / name}.png; if it is meant so, `make shots`"
    )


# What a change of the style of one element does: (selector, property, value).
LAYOUT = [
    (".pocket", "paddingTop", "48px"),
    (".pocket-actions", "marginTop", "22px"),
    (".pocket-actions .btn", "display", "none"),
    (".pocket-actions .btn", "backgroundColor", "#0b7443"),
    (".pocket-line", "fontSize", "24px"),
    (".home-more", "fontSize", "30px"),
    (".face", "visibility", "hidden"),
    (".page", "marginLeft", "4px"),
]
EDGES = [
    ("body", "textRendering", "geometricPrecision"),
    ("body", "letterSpacing", "0.02px"),
    (".face", "transform", "translateX(0.3px)"),
]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_same_surroundings")
def test_a_changed_layout_is_seen_and_changed_edges_are_not(signed_in):
    page = settled(home(CardStatus.ACTIVE)(signed_in, {"viewport": PHONE}), "light")
    before = shots.take(page)
    found = {}
    for change in (*LAYOUT, *EDGES):
        page.evaluate(
            "([one, name, value]) => { document.querySelector(one).style[name] = value; }",
            list(change),
        )
        page.evaluate(SETTLED)
        found[change] = shots.is_same(before, shots.take(page))
        page.evaluate(
            "([one, name]) => { document.querySelector(one).style[name] = ''; }", list(change[:2])
        )
    assert found == dict.fromkeys(LAYOUT, False) | dict.fromkeys(EDGES, True)


@pytest.fixture(params=[name for name, *_ in PAGES])
def kept(request):
    return shots.on_file(request.param).convert("RGB")


def test_softer_edges_are_the_same_picture(kept):
    assert shots.is_same(kept, kept.filter(ImageFilter.GaussianBlur(0.6)))


def test_what_moves_down_by_half_a_line_is_another_picture(kept):
    moved = Image.new("RGB", kept.size, kept.getpixel((1, 1)))
    moved.paste(kept, (0, 12))
    assert not shots.is_same(kept, moved)
