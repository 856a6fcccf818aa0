"""Where a line breaks at a date: never after an opening bracket, never before a closing one."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.loss_report.expiry import expire_due
from tests.chromium import PHONE
from tests.factories.loss_reports import make_loss_report

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
