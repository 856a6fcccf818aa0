"""What can be printed is one tidy sheet of A4, whatever theme the screen has."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from apps.common.templatetags.formats import in_fours
from tests.chromium import PHONE
from tests.factories.cards import make_card, make_request
from tests.factories.loss_reports import report
from tests.factories.moments import ago
from tests.factories.payments import make_paid
from tests.sampling import some
from tests.verification.samples import PERSON, encoded, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def activated():
    card = make_card(at=ago(days=2))
    return card.holder, reverse("activation:done", args=[card.reference]), card.reference


def lost():
    card = make_card(at=ago(days=3))
    report(card, at=ago(days=1))
    return card.holder, reverse("loss_report:detail", args=[card.reference]), card.reference


def proof_of_a_moment():
    card = make_card(at=ago(days=2))
    return card.holder, reverse("loss_report:usable", args=[card.reference]), card.reference


def request():
    made = make_request(RequestStatus.ACCEPTED, at=ago(days=1))
    made.particulars.portrait.save("p.jpg", ContentFile(encoded(person(PERSON))))
    return made.holder, reverse("application:detail", args=[made.reference]), made.reference


def order():
    made = make_paid(at=ago(hours=1))
    holder, number = made.card_request.holder, made.card_request.reference
    return holder, reverse("payments:detail", args=[made.reference]), number


@pytest.mark.parametrize(
    "what", some([activated, lost, proof_of_a_moment, request, order], request)
)
def test_it_prints_as_one_sheet(signed_in, what):
    holder, address, number = what()
    page = signed_in(holder, viewport=PHONE, color_scheme="dark", is_own=True)
    page.goto(address)
    expect(page.get_by_role("button", name=re.compile("^打印"))).to_be_visible()
    expect(page.locator(".paper-head")).to_be_hidden()

    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    page.emulate_media(media="print")
    head = page.locator(".paper-head")
    expect(head).to_contain_text(django_settings.PORTAL_OPERATOR["name"])
    expect(head).to_contain_text(in_fours(number))
    expect(page.locator(".paper-foot")).to_contain_text("12333")
    paper = page.locator("main").inner_text()
    assert holder.id_number not in paper
    assert f"{holder.id_number[:3]}***********{holder.id_number[-4:]}" in paper
    assert holder.name not in paper
    for each in page.get_by_role("button").all():
        expect(each).to_be_hidden()
    colours = page.evaluate(
        "['body', '.paper-head'].map(s => getComputedStyle(document.querySelector(s)).color)"
    )
    assert set(colours) == {"rgb(0, 0, 0)"}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
