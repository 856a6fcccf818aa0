"""The QR code of a receipt is read from what Chromium shows and prints, and leads to the proof."""

import io
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from apps.common.masks import name as masked_name
from apps.seals import services as seals
from tests.chromium import PHONE
from tests.factories.cards import make_card
from tests.factories.moments import ago

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def read_code(picture):
    """The text of the one QR code in the PNG `picture`."""
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    return found.text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_code_on_paper_leads_to_the_proof_that_the_step_is_sealed(
    signed_in, open_page, live_server, one_address, theme
):
    card = make_card(at=ago(days=2))
    page = signed_in(card.holder, viewport=PHONE, color_scheme=theme, is_own=True)
    page.goto(reverse("activation:done", args=[card.reference]))
    page.emulate_media(media="print")
    address = read_code(page.screenshot(full_page=True))
    assert address.startswith(f"{settings.PORTAL_URL}/")

    seals.seal(at=timezone.now())
    somebody = open_page(viewport=PHONE)  # who was handed the paper: no cookies, not signed in
    somebody.goto(urlsplit(address).path)
    expect(somebody.get_by_text("核对无误")).to_be_visible()
    expect(somebody.locator("main")).to_contain_text("启用")
    for personal in (card.holder.name, masked_name(card.holder.name), card.card_number):
        expect(somebody.locator("main")).not_to_contain_text(personal)
