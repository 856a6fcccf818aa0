"""Lighthouse over the pages that people open most, in the system's Chromium: `make lighthouse`.

The portal is started for it, with its demo town and its files as production serves them. Every
category must reach `LEAST` on every page, on a simulated telephone with a slow network. What the
first page sends, with all that it links, stays under `MOST_BYTES` on the wire.
"""

import json
import os
import subprocess
import sys
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from sbk_portal.environment import BASE_DIR as ROOT
from tests.chromium import find_chromium
from tests.demo_portal import demo_portal, sign_in

LIGHTHOUSE = ROOT / "tools/lighthouse/node_modules/.bin/lighthouse"
LEAST = 95
MOST_BYTES = 60_000
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


class Page(NamedTuple):
    name: str
    path: str
    account: str = ""
    link: str = ""
    """A selector: the page to which the first such link on `path` leads."""

    @property
    def is_first(self):
        return self.path == "/" and not self.link


PAGES = [
    Page("home of a visitor", "/"),
    Page("home with a card", "/", "D1012"),
    Page("guide", "/apply/"),
    Page("sign-in", "/accounts/login/"),
    Page("form", "/", "D1002", 'main a[href$="/form/"]'),
    Page("progress", "/progress/", "D1008"),
]


def found(browser, portal, page):
    """(address of the page, headers with the session of its account)."""
    if not page.account:
        return portal + page.path, {}
    context = browser.new_context()
    window = context.new_page()
    sign_in(window, portal, page.account)
    window.goto(portal + page.path)
    if page.link:
        window.locator(page.link).first.click()
        window.wait_for_load_state()
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
    address = window.url
    context.close()
    return address, {"Cookie": cookies}


def measure(address, headers):
    """Lighthouse's report on the page, as the object that it writes as JSON."""
    done = subprocess.run(
        [
            LIGHTHOUSE,
            address,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--extra-headers={json.dumps(headers)}",
            "--chrome-flags=--headless --no-sandbox --disable-quic",
        ],
        env=os.environ | {"CHROME_PATH": find_chromium()},
        stdout=subprocess.PIPE,
        check=True,
        timeout=180,
    )
    report = json.loads(done.stdout)
    if report.get("runtimeError"):
        sys.exit(f"{address}: {report['runtimeError']['message']}")
    return report


def scores(report):
    """The score of each category, 0 to 100."""
    return [round(100 * report["categories"][name]["score"]) for name in CATEGORIES]


def weight(report):
    """How many bytes the page and all that it loaded are on the wire."""
    return round(report["audits"]["total-byte-weight"]["numericValue"])


def complaints(report):
    """What the page does badly, a line each."""
    for name in CATEGORIES:
        for part in report["categories"][name]["auditRefs"]:
            audit = report["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"   {name}: {audit['title']} {audit.get('displayValue', '')}"


def main():
    low = False
    print(f"{'':20}" + "".join(f"{name:>16}" for name in (*CATEGORIES, "bytes")))
    with demo_portal() as portal, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-quic"]
        )
        pages = [(page, *found(browser, portal, page)) for page in PAGES]
        browser.close()
        for page, address, headers in pages:
            report = measure(address, headers)
            marks, size = scores(report), weight(report)
            print(f"{page.name:20}" + "".join(f"{mark:16}" for mark in (*marks, size)), flush=True)
            if min(marks) < LEAST or (page.is_first and size > MOST_BYTES):
                low = True
            for line in complaints(report):
                print(line, flush=True)
    if low:
        sys.exit(f"a page is below {LEAST}, or the first page above {MOST_BYTES} bytes")


if __name__ == "__main__":
    main()
