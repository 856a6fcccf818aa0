"""What a person does on any page of a story."""

from playwright.sync_api import expect

PICTURE = {"name": "me.jpg", "mimeType": "image/jpeg"}


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.get_by_role("link", name=name).first.click()


def heading(page, words):
    """The page with this heading is there, and its scripts have run."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    page.wait_for_load_state()
