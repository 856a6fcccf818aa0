"""Where a line breaks at a date: never after an opening bracket, never before a closing one."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.deadlines import Deadline
from apps.common.moments import day_of
from apps.desk import roles
from apps.handout.departments import follow_roster
from apps.loss_report.expiry import expire_due
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import make_card, make_request
from tests.factories.loss_reports import make_loss_report
from tests.factories.moments import ago
from tests.factories.payments import make_payable
from tests.factories.people import make_colleague, make_holder, make_ward

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The lines of each paragraph with a date, as they are drawn.
LINES = """() => [...document.querySelectorAll("main p")]
  .filter((one) => one.querySelector(".date"))
  .flatMap((one) => {
    const lines = [], range = document.createRange();
    const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    let top = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (let i = 0; i < node.length; i += 1) {
        range.setStart(node, i);
        range.setEnd(node, i + 1);
        const box = range.getClientRects()[0];
        if (!box || !box.width) continue;
        if (top === null || box.top > top + box.height / 2) lines.push("");
        top = box.top;
        lines[lines.length - 1] += node.data[i];
      }
    }
    return lines;
  })"""


def wrong(lines):
    return {line for line in lines if line.rstrip().endswith("（") or line[0] in "）」，。；："}


def test_no_line_of_the_records_ends_with_an_open_bracket(signed_in):
    report = make_loss_report(at=timezone.now() - timedelta(days=9))
    expire_due(at=timezone.now(), deadline=Deadline(5))
    page = signed_in(report.card.holder, viewport=PHONE)
    page.goto(reverse("home:records"))
    found = set()
    for width in range(320, 480, 4):
        page.set_viewport_size(PHONE | {"width": width})
        lines = page.evaluate(LINES)
        assert re.search("（[0-9]+月", "".join(lines))
        found |= wrong(lines)
    assert found == set()


# The days of the values in the folds, each with the number of lines that it is drawn in.
DAYS = """() => [...document.querySelectorAll("main dd")].flatMap((value) => {
    const walker = document.createTreeWalker(value, NodeFilter.SHOW_TEXT), days = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const day of node.data.matchAll(/[0-9]+月[0-9]+日（周.）/g)) {
        const range = document.createRange();
        range.setStart(node, day.index);
        range.setEnd(node, day.index + day[0].length);
        const tops = [...range.getClientRects()].map((box) => Math.round(box.top));
        days.push([day[0], new Set(tops).size]);
      }
    }
    return days;
  })"""


def test_a_day_among_what_is_kept_about_somebody_is_in_one_line(signed_in):
    page = signed_in(make_loss_report(at=ago(days=3)).card.holder, viewport=PHONE)
    page.goto(reverse("my_data:index"))
    for fold in page.locator("main details").all():
        fold.locator("summary").first.click()
    days = page.evaluate(DAYS)
    assert len(days) > 5
    assert {lines for _day, lines in days} == {1}


def test_a_note_about_a_child_is_as_wide_as_the_panel(signed_in):
    """Beside the picture of the card it would be a column of seven characters."""
    soon = day_of(timezone.now() + timedelta(days=20))
    guardian = make_holder()
    child = make_ward(guardian, birth_date=soon.replace(year=soon.year - 16))
    make_card(CardStatus.SEALED, holder=child, by=guardian.user, at=ago(days=30))
    page = signed_in(guardian, viewport=PHONE)
    page.goto(reverse("children:list"))
    panel = page.locator(".child").bounding_box()
    note = page.locator(".child .note").bounding_box()
    face = page.locator(".child-face").bounding_box()
    assert note["y"] >= face["y"] + face["height"]
    assert note["width"] > panel["width"] - 40


def test_the_points_of_a_list_in_a_fold_stand_inside_the_panel(open_page, live_server):
    page = open_page(viewport=PHONE)
    page.goto(reverse("application:guide"))
    page.get_by_text("办理依据").click()
    panel = page.locator(".card", has_text="办理依据").bounding_box()
    text = page.locator(".card li", has_text="LD/T 32-2015").bounding_box()
    assert text["x"] - panel["x"] > 30


# The words of each tile that are to be seen, with the lines that they take.
TILES = """() => [...document.querySelectorAll(".tile")].flatMap((tile) =>
  [...tile.querySelectorAll(".name, .short")]
    .filter((words) => words.offsetHeight > 1)
    .map((words) => [words.textContent, words.offsetHeight < 30]))"""


def test_the_name_of_a_matter_on_a_tile_is_in_one_line_on_any_screen(signed_in):
    page = signed_in(make_card(at=ago(days=30)).holder, viewport=DESKTOP)
    page.goto(reverse("home:home"))
    for width in (390, 768, 900, 1024, 1199, 1200, 1280, 1920):
        page.set_viewport_size(DESKTOP | {"width": width})
        tiles = page.evaluate(TILES)
        assert len(tiles) == 6, width
        assert all(is_one_line for _words, is_one_line in tiles), (width, tiles)


def test_the_button_of_a_department_stands_beside_its_box(signed_in):
    make_holder(department="化学学院")
    follow_roster(at=timezone.now())
    hander = make_holder(user=make_colleague(roles.HANDER))
    page = signed_in(hander, viewport=DESKTOP)
    page.goto(reverse("admin:handout_department_changelist"))
    box = page.get_by_label("联系人工号").first.bounding_box()
    button = page.get_by_role("button", name="保存").first.bounding_box()
    assert box["y"] + box["height"] == pytest.approx(button["y"] + button["height"], abs=3)


def test_the_way_to_another_address_stands_at_the_end_of_its_line(signed_in):
    card_request = make_payable(at=ago(days=1))
    page = signed_in(card_request.holder, viewport=DESKTOP)
    page.goto(reverse("application:shipping", args=[card_request.reference]))
    line = page.locator(".where summary").bounding_box()
    words = page.get_by_text("改地址").bounding_box()
    assert line["x"] + line["width"] - (words["x"] + words["width"]) < 40


def test_no_line_about_what_waits_at_the_desk_is_a_single_character(signed_in):
    make_request(RequestStatus.ACCEPTED, at=ago(days=2))
    page = signed_in(make_holder(user=make_colleague(roles.REVIEWER)), viewport=PHONE)
    page.goto(reverse("admin:index"))
    alone = set()
    for width in range(320, 480, 4):
        page.set_viewport_size(PHONE | {"width": width})
        lines = page.evaluate(LINES)
        assert "办结" in "".join(lines)
        alone |= {(width, line) for line in lines if len(line.strip()) == 1}
    assert alone == set()
