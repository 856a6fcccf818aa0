"""An intake of hundreds at the desk, as one story: every case is decided once, by few strokes.

CI runs a small intake and compares its counts with docs/desk.md; `make hour` runs 300 cases and
writes them there.
"""

import os
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.bulk.contact_sheet.lists import SIZE
from apps.bulk.tasks import work_off_bulk_runs
from apps.cards.enums import RequestStatus
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common import kept_here
from apps.desk import roles
from apps.desk.claims.policies import DECISIONS
from apps.events.models import Event
from apps.phrasebook.models import REJECTION, Phrase
from tests.browser import desk_hand
from tests.browser.desk_hand import DeskHand
from tests.browser.test_contact_sheet import file_pictures
from tests.chromium import DESKTOP
from tests.factories.cards import make_calm, make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

IS_WRITTEN = os.environ.get("JOURNEYS") == "write"
CASES = 300 if IS_WRITTEN else 30
RISKY = max(8, CASES * 12 // 100)
CALM = CASES - RISKY

FINDING, SHEET, SINGLE = "从工作台打开要办的", "看照片，成批通过", "有提示的逐件通过"
AMENDMENT, REJECTED = "退回修改", "审核不通过"
LATER, REFERRED, RECALLED = "稍后办", "转给同事", "撤回以后再通过"
# What is done with the first ones that have risks; the rest of them is approved.
MIXED = [SINGLE, AMENDMENT, REJECTED, LATER, REFERRED, RECALLED]
LEFT = 2  # one is put away, one is with a colleague


@pytest.fixture
def intake(town):
    """Cases that were handed in one after the other; every few of them one has risks."""
    begun = timezone.now() - timedelta(hours=5)
    for topic, text in ((REJECTION, "照片不是本人"), ("portrait", "照片太暗")):
        Phrase.objects.get_or_create(topic=topic, text=text, defaults={"position": 1})
    every = CASES // RISKY
    with transaction.atomic():
        for number in range(CASES):
            holder = make_holder(name="陈甲", department="化学学院")
            options = {"at": begun + timedelta(seconds=number), "holder": holder}
            if number % every == 0 and number < every * RISKY:
                make_request(RequestStatus.ACCEPTED, **options)
            else:
                make_calm(**options)
        file_pictures()


@pytest.fixture
def hand(intake, signed_in, monkeypatch):
    """The hand of a reviewer; the test itself is the worker."""
    monkeypatch.setattr("apps.bulk.contact_sheet.views.nudge", lambda task: None)
    reviewer = make_holder(name="李审", user=make_reviewer())
    make_holder(name="王同事", user=make_reviewer())
    hand = DeskHand(signed_in(reviewer, viewport=DESKTOP))
    hand.page.goto(reverse("admin:index"))
    return hand


def on_sheet(page):
    """The references of the cells that can be approved."""
    boxes = page.locator("[data-cell] input:checked")
    return boxes.evaluate_all("boxes => boxes.map((box) => box.value)")


def look_through(hand):
    """Approve what has no risks, sheet by sheet. Returns the references in the order seen."""
    page, seen = hand.page, []
    hand.on(FINDING, cases=0, unit="次")
    with hand.loading():
        hand.click(page.get_by_role("link", name="件待审核").first)
    with hand.loading():
        hand.click(page.get_by_role("link", name="看照片，成批通过"))
    while cells := on_sheet(page):
        seen += cells
        hand.on(SHEET, cases=len(cells), unit="屏")
        with hand.loading():
            hand.press("a", "Enter")
        work_off_bulk_runs()
    return seen


def amend(hand):
    hand.press("m", "Space", "Tab", "Enter")  # the photo, and the first phrase about it
    with hand.loading():
        hand.press("Enter")


def reject(hand):
    hand.press("r", "Enter", "Tab")
    with hand.loading():
        hand.press("Enter")


def approve(hand):
    with hand.loading():
        hand.press("a", "Enter")


def put_away(hand):
    hand.press("s")
    hand.click(hand.page.get_by_label("原因", exact=True))
    hand.type("等申请人回电话")
    with hand.loading():
        hand.press("Enter")


def refer(hand):
    hand.press("t")
    colleagues = hand.page.get_by_label("哪位同事")
    option = colleagues.locator("option", has_text="王同事")
    hand.choose(colleagues, option.get_attribute("value"))
    with hand.loading():
        hand.click(hand.page.get_by_role("button", name="转给这位同事"))


def recall(hand):
    approve(hand)
    with hand.loading():
        hand.click(hand.page.get_by_role("link", name="刚办的"))
    with hand.loading():
        hand.click(hand.page.get_by_role("button", name="撤回审核通过"))
    approve(hand)


DOES = {
    SINGLE: approve,
    AMENDMENT: amend,
    REJECTED: reject,
    LATER: put_away,
    REFERRED: refer,
    RECALLED: recall,
}


def decide_singly(hand):
    """Decide what has risks, one after the other. Returns the references in the order seen."""
    page, seen = hand.page, []
    hand.on(FINDING, cases=0, unit="次")
    with hand.loading():
        hand.click(page.get_by_role("link", name="申请审核"))
    with hand.loading():
        hand.click(page.get_by_role("button", name="领办并审核下一件"))
    for number in range(RISKY):
        seen.append(re.search(r"/cardrequest/(\w+)/change/", page.url)[1])
        way = MIXED[number] if number < len(MIXED) else SINGLE
        hand.on(way)
        DOES[way](hand)
    return seen


def assert_figures_agree(page):
    """What the first page and the reviewers' decisions say is what was done."""
    cache.clear()  # a minute later
    kept_here.forget_all()
    page.goto(reverse("admin:index"))
    expect(page.get_by_role("link", name="1 件待审核")).to_be_visible()
    work = page.locator(".start-card.is-main")
    expect(work).to_contain_text("另有 1 件您放到以后办")
    expect(work).to_contain_text("1 件等待申请人修改")
    approved = CASES - LEFT - 2  # one is amended, one rejected
    week = page.locator("figcaption", has_text="审核通过")
    expect(week).to_contain_text(f"{approved} 件")
    expect(page.locator(".start-decisions li")).not_to_have_count(0)


def test_an_intake_is_worked_off_by_few_strokes(hand, signed_in, assert_accessible):
    page = hand.page
    approved_together = look_through(hand)
    decided_singly = decide_singly(hand)

    # Nobody was seen twice, and everybody was seen.
    seen = approved_together + decided_singly
    assert len(approved_together) == CALM
    assert sorted(seen) == sorted(CardRequest.objects.values_list("reference", flat=True))

    # Every case was decided once; the one that was taken back, twice.
    decisions = Event.objects.of_kind(REQUEST).filter(action__in=DECISIONS[CardRequest])
    keys = dict(CardRequest.objects.values_list("reference", "pk"))
    number = Counter(decisions.values_list("subject_id", flat=True))
    of_way = dict(zip(decided_singly, MIXED, strict=False))
    for reference in seen:
        expected = {LATER: 0, REFERRED: 0, RECALLED: 2}.get(of_way.get(reference), 1)
        assert number[keys[reference]] == expected, reference
    assert Counter(CardRequest.objects.values_list("status", flat=True)) == {
        RequestStatus.APPROVED: CASES - LEFT - 2,
        RequestStatus.NEEDS_AMENDMENT: 1,
        RequestStatus.REJECTED: 1,
        RequestStatus.ACCEPTED: LEFT,
    }
    assert_figures_agree(page)
    assert_accessible(page)
    supervisor = signed_in(make_holder(user=make_colleague(roles.SUPERVISOR)), viewport=DESKTOP)
    supervisor.goto(reverse("admin:desk_claim_workload"))
    row = supervisor.get_by_role("row", name="李审")
    expect(row).to_contain_text(f"{CASES - LEFT} 件")
    expect(row).to_contain_text("撤回 1 件")

    # What was promised.
    assert hand.ways[SHEET].counts == ("每屏 2", "每屏 1")
    assert hand.ways[SHEET].times <= -(-CASES // SIZE)
    assert hand.ways[SINGLE].counts == ("每件 2", "每件 1")
    assert hand.sum("strokes") <= 2 * CASES
    if IS_WRITTEN:
        desk_hand.write(hand)
        assert hand.ways[SHEET].seconds < 2 * CALM
    measured = {name: way.counts for name, way in hand.ways.items()}
    assert desk_hand.counts_on_file() == measured, "run make hour"
