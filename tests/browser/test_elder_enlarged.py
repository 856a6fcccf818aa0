"""长辈版 with letters of twice the size: nothing is cut, nothing lies over anything else.

On a phone, over every page on the way of a matter. What stays at the foot of the screen covers the
page while it scrolls; it is measured by itself.
"""

import re

import pytest

from apps.people.enums import Edition
from apps.people.models import User
from tests.browser.test_pages import SOMEBODY, anybody
from tests.chromium import PHONE, SETTLED

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("town", "filed_portrait"),
]

TWICE = "() => { document.documentElement.style.fontSize = '200%'; }"

# Text that is cut off by its own box or its parent's, two texts on one spot, a day with its line
# broken although it would fit, and targets that are too small.
FAULTS = """() => {
  const left = ".visually-hidden, .face, svg, .foot, .tabs, .code-row, .skip, [hidden], noscript";
  const style = (one) => getComputedStyle(one);
  const said = (text) => text.trim().replace(/\\s+/g, " ").slice(0, 24);
  const isShown = (one) => {
    const box = one.getBoundingClientRect();
    const isDrawn = one.checkVisibility({ visibilityProperty: true }); // not in a closed fold
    return isDrawn && box.width > 2 && box.height > 2;
  };
  const found = [];
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest(left) || !isShown(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 2) continue;
      if (box.left < -1 || box.right > innerWidth + 1) found.push(`outside: ${said(node.data)}`);
      for (let one = parent; one && one !== document.body; one = one.parentElement) {
        if (!/hidden|clip/.test(style(one).overflow)) continue;
        const edge = one.getBoundingClientRect();
        if (box.right > edge.right + 2 || box.bottom > edge.bottom + 4) {
          found.push(`cut: ${said(node.data)}`);
        }
      }
      boxes.push([node, box]);
    }
  }
  boxes.forEach(([node, box], number) => {
    for (const [other, its] of boxes.slice(number + 1)) {
      if (other === node) continue;
      const width = Math.min(box.right, its.right) - Math.max(box.left, its.left);
      const height = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
      if (width > 3 && height > box.height / 3) {
        found.push(`over each other: ${said(node.data)} | ${said(other.data)}`);
      }
    }
  });
  const targets = ".btn, .pill, .icon-link, .back, .tabs a, a.todo, .seg > *, main select";
  for (const one of document.querySelectorAll(targets)) {
    const box = one.getBoundingClientRect();
    if (isShown(one) && (box.width < 60 || box.height < 60)) {
      found.push(`small: ${said(one.textContent)} ${box.width} × ${box.height}`);
    }
  }
  for (const one of document.querySelectorAll(".btn, .tag, .tabs a, .foot *")) {
    if (isShown(one) && one.scrollWidth > one.clientWidth + 2 && one.clientWidth) {
      found.push(`wider than its box: ${said(one.textContent)}`);
    }
  }
  const room = document.documentElement;
  if (room.scrollWidth > room.clientWidth) found.push("scrolls sideways");
  const foot = document.querySelector(".foot, .tabs");
  const covered = foot ? foot.getBoundingClientRect().height : 0;
  if (covered > innerHeight * 0.6) found.push("a foot too high");
  return [...new Set(found)];
}"""

# A day whose line is broken although it is not longer than the line.
BROKEN_DATES = """() =>
  [...document.querySelectorAll("main .date")]
    .map((one) => one.firstElementChild || one)
    .filter((one) => one.checkVisibility())
    .filter((one) => {
      const line = parseFloat(getComputedStyle(one).lineHeight);
      if (one.getBoundingClientRect().height < line * 1.5) return false;
      const copy = document.createElement("span");
      copy.textContent = one.textContent;
      copy.style.cssText = "position: absolute; white-space: nowrap;";
      one.append(copy);
      const width = copy.getBoundingClientRect().width;
      copy.remove();
      const block = one.closest("p, dd, li, b, h2, td, div");
      const { paddingLeft, paddingRight } = getComputedStyle(block);
      return width <= block.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    })
    .map((one) => one.textContent)"""


@pytest.mark.parametrize("somebody", [one for one in SOMEBODY if one is not anybody])
def test_letters_of_twice_the_size_fit_on_every_page(signed_in, somebody):
    holder, paths = somebody()
    User.objects.filter(pk=holder.user_id).update(edition=Edition.ELDER)
    page = signed_in(holder, viewport=PHONE)
    found = {}
    for path in ["/", *paths]:
        page.goto(path)
        wrong = [f"broken: {date}" for date in page.evaluate(BROKEN_DATES)]
        page.evaluate(TWICE)
        page.evaluate(SETTLED)
        wrong += page.evaluate(FAULTS)
        wrong += [f"broken at twice the size: {date}" for date in page.evaluate(BROKEN_DATES)]
        if wrong:
            found[re.sub("[A-Z0-9]{16}", "…", path)] = wrong
    assert found == {}


def test_each_fault_is_seen(open_page):
    page = open_page(viewport=PHONE)
    page.set_content(
        """<body><main style="font-size:20px">
        <p style="overflow:hidden;width:60px;white-space:nowrap">这句话被切掉了一半</p>
        <p style="position:relative;height:30px"><span style="position:absolute">上面一句</span>
        <b style="position:absolute">下面一句</b></p>
        <a class="btn" href="#" style="display:block;width:30px">小</a>
        <p style="width:300px"><span class="date" style="display:inline-block;width:80px">
        12月3日（周四）</span></p></main></body>"""
    )
    kinds = {one.split(":")[0] for one in page.evaluate(FAULTS)}
    assert {"cut", "over each other", "small"} <= kinds
    assert page.evaluate(BROKEN_DATES) != []
