"""长辈版 by the points of the national rules that can be measured.

GB/T 37668 and 移动互联网应用适老化通用设计规范 (2021): main text of at least 18 pt that
can be enlarged, main targets of at least 60 × 60 px, no pop-ups, no time-out without a question,
no captcha; fewer choices, plain words, and a person to call.
"""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import CardStatus
from apps.people.enums import Edition
from apps.people.models import User
from tests.browser.test_pages import SOMEBODY, anybody
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import make_card
from tests.factories.moments import ago
from tests.factories.people import make_holder
from tests.sampling import some

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPEN = ["home:home", "home:matters", "account:mine", "account_login", "regions:areas"]
GUIDES = [
    f"{matter}:guide" for matter in ("application", "activation", "replacement", "loss_report")
]

MEASURE = """() => {
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 2 && box.height > 2 && getComputedStyle(element).visibility === "visible";
  };
  const said = (element) => element.textContent.trim().slice(0, 20);
  const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const size = (element) => parseFloat(getComputedStyle(element).fontSize);
  const all = [...document.querySelectorAll("body *:not(script):not(style)")].filter(
    (element) =>
      shown(element) && hasText(element) && !element.closest("svg, .visually-hidden, .face, .sc"),
  );
  const main = "h1, h2, h3, p, dd, label, .btn, input, select, textarea";
  const beside = ".muted, .muted *, .say, .tag, .help, small";
  const targets =
    ".btn, .pill, .icon-link, .back, .tabs a, a.todo, .seg > *, main input, main select";
  const told = (one) => `${one.tagName} ${said(one)} ${size(one)}`;
  return {
    smallMain: all
      .filter((one) => one.matches(main) && !one.matches(beside) && size(one) < 23.9)
      .map(told),
    small: all.filter((one) => size(one) < 18).map(told),
    narrow: [...document.querySelectorAll(targets)]
      .filter((one) => shown(one) && one.type !== "hidden" && !one.closest("label"))
      .map((one) => [one, one.getBoundingClientRect()])
      .filter(([, box]) => box.width < 60 || box.height < 60)
      .map(([one, box]) => `${said(one)} ${one.className} ${box.width} × ${box.height}`),
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    dialogs: document.querySelectorAll("dialog, [role=alertdialog]").length,
    refresh: document.querySelectorAll("meta[http-equiv=refresh]").length,
    zoom: document.querySelector("meta[name=viewport]").content,
    calls: document.querySelectorAll("a[href='tel:12333']").length,
  };
}"""


def assert_fit_for_the_old(page):
    found = page.evaluate(MEASURE)
    assert found["smallMain"] == []
    assert found["small"] == []
    assert found["narrow"] == []
    assert found["wide"] <= 0
    assert (found["dialogs"], found["refresh"]) == (0, 0)
    assert "maximum-scale" not in found["zoom"]
    assert "user-scalable" not in found["zoom"]
    assert found["calls"] >= 1


@pytest.fixture
def elder(signed_in):
    """A phone of somebody with a card who chose 长辈版."""
    holder = make_holder()
    holder.user.edition = "elder"
    holder.user.save()
    make_card(CardStatus.ACTIVE, holder=holder, at=timezone.now())
    return signed_in(holder, viewport=PHONE)


@pytest.mark.parametrize("name", some(OPEN, "home:home", "account_login"))
def test_a_visitor_s_pages(open_page, name):
    page = open_page(viewport=PHONE)
    page.goto(reverse(name))
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html.elder")).to_have_count(1)
    page.wait_for_load_state()
    assert_fit_for_the_old(page)


@pytest.mark.parametrize(
    "name", some(["home:home", "account:mine", "progress:list", *GUIDES], "home:home", GUIDES[0])
)
def test_one_s_own_pages(elder, name, assert_accessible):
    elder.goto(reverse(name))
    assert_fit_for_the_old(elder)
    assert_accessible(elder)


@pytest.mark.slow
@pytest.mark.usefixtures("town", "filed_portrait")
@pytest.mark.parametrize("somebody", [one for one in SOMEBODY if one is not anybody])
def test_every_page_on_the_way_of_a_matter(signed_in, somebody):
    holder, paths = somebody()
    User.objects.filter(pk=holder.user_id).update(edition=Edition.ELDER)
    page = signed_in(holder, viewport=PHONE)
    found = {}
    for path in paths:
        page.goto(path)
        measured = page.evaluate(MEASURE)
        wrong = [*measured["smallMain"], *measured["small"], *measured["narrow"]]
        if measured["wide"] > 0:
            wrong.append(f"too wide by {measured['wide']}")
        if not measured["calls"]:
            wrong.append("nobody to call")
        if measured["dialogs"]:
            wrong.append("something pops up")
        if wrong:
            found[re.sub("[A-Z0-9]{16}", "…", path)] = wrong
    assert found == {}


def test_a_large_screen_has_one_column(elder):
    elder.set_viewport_size(DESKTOP)
    elder.goto(reverse("loss_report:guide"))
    side, content = (elder.locator(f".{name}").bounding_box() for name in ("side", "content"))
    assert side["y"] >= content["y"] + content["height"]


def test_on_a_large_screen_the_matters_are_one_column(elder):
    elder.set_viewport_size(DESKTOP)
    elder.goto(reverse("home:matters"))
    assert len({row.bounding_box()["x"] for row in elder.locator(".matters li").all()}) == 1


def test_on_a_large_screen_what_is_to_be_done_is_in_view(signed_in):
    holder = make_card(CardStatus.SUSPENDED, at=ago(days=1)).holder
    User.objects.filter(pk=holder.user_id).update(edition=Edition.ELDER)
    page = signed_in(holder, viewport=DESKTOP)
    page.goto(reverse("home:home"))
    for button in page.locator(".pocket .btn").all():
        box = button.bounding_box()
        assert box["y"] + box["height"] <= DESKTOP["height"]


def test_text_can_be_enlarged_once_more(elder):
    elder.goto(reverse("loss_report:guide"))
    elder.evaluate("document.documentElement.style.fontSize = '200%'")
    assert elder.evaluate(MEASURE)["wide"] <= 0


def test_there_is_no_captcha(open_page):
    page = open_page(viewport=PHONE)
    page.goto(reverse("account_login"))
    fields = page.locator("#sign-in input:visible")
    assert [fields.nth(n).get_attribute("name") for n in range(fields.count())] == [
        "login",
        "password",
    ]


def test_it_goes_back_with_one_tap(elder):
    elder.goto(reverse("loss_report:guide"))
    elder.get_by_role("button", name="普通版").click()
    expect(elder.locator("html.elder")).to_have_count(0)
    expect(elder.get_by_role("button", name="长辈版")).to_be_visible()
