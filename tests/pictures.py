"""The pictures of the README, taken from a portal that is started for it: `make pictures`."""

from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from tests.chromium import DESKTOP, PHONE, find_chromium
from tests.demo_portal import demo_portal, sign_in

FOLDER = Path("docs/screenshots")
LIGHT, DARK = "light", "dark"


class Picture(NamedTuple):
    name: str
    account: str
    path: str
    viewport: dict
    theme: str = LIGHT
    link: str = ""
    """A selector: the picture is of the page to which the first such link leads."""
    is_elder: bool = False


PICTURES = [
    Picture("home", "D1012", "/", PHONE),
    Picture("home-frozen", "D1013", "/", PHONE, DARK),
    Picture("progress", "D1008", "/progress/", PHONE),
    Picture("home-elder", "D1012", "/", PHONE, is_elder=True),
    Picture("home-desktop", "D1011", "/", DESKTOP),
    Picture("desk", "S2001", "/admin/", DESKTOP),
    Picture("decision", "S2001", "/admin/cards/cardrequest/", DESKTOP, link="tbody th a"),
]


def take(browser, base_url, picture):
    context = browser.new_context(
        base_url=base_url,
        viewport=picture.viewport,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme=picture.theme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    sign_in(page, base_url, picture.account)
    if picture.is_elder:
        page.get_by_role("button", name="长辈版").click()
        page.wait_for_load_state()
    page.goto(base_url + picture.path)
    if picture.link:
        page.locator(picture.link).first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{picture.name}.png")
    context.close()


def main():
    with demo_portal() as base_url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-quic"]
        )
        for picture in PICTURES:
            take(browser, base_url, picture)
            print(FOLDER / f"{picture.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
