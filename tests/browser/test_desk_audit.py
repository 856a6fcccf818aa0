"""The auditor's page in Chromium: its fields stand in lines, and a day reads as in the list."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.cards.enums import CardStatus
from apps.desk import roles
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.cards import make_card
from tests.factories.people import make_colleague, make_holder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def book(signed_in):
    """`book(viewport)`: the page as an auditor sees it."""

    def open_book(viewport):
        page = signed_in(
            make_holder(name="钱审计", user=make_colleague(roles.AUDITOR)), viewport=viewport
        )
        page.goto(reverse("admin:events_event_changelist"))
        return page

    return open_book


def bottoms(page, labels):
    boxes = [page.get_by_label(label, exact=True).bounding_box() for label in labels]
    return [round(box["y"] + box["height"]) for box in boxes]


def test_the_fields_of_the_filter_stand_in_one_line(book, assert_accessible):
    page = book(DESKTOP)
    assert len(set(bottoms(page, ["事项", "办理人", "从", "到"]))) == 1
    assert_accessible(page)


def test_on_a_phone_the_days_stand_beside_each_other_and_nothing_sticks_out(book):
    page = book(PHONE)
    since, until = bottoms(page, ["从", "到"])
    assert since == until
    assert_fits(page)


def test_a_day_is_typed_as_it_stands_in_the_list(book):
    make_card(CardStatus.ACTIVE)
    page = book(DESKTOP)
    page.get_by_label("从", exact=True).fill("2026-11-23")
    page.get_by_label("到", exact=True).fill("2026-11-23")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_role("row", name="启用")).to_be_visible()
    expect(page.get_by_label("从", exact=True)).to_have_value("2026-11-23")
