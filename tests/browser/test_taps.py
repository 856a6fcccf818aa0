"""No matter takes more taps than promised; `make journeys` writes what was measured."""

import os

import pytest

import tests.browser.stories  # noqa: F401 (registers the stories)
from tests.browser import taps
from tests.chromium import PHONE
from tests.sampling import some

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("one_address", "quick_bureau"),
]


@pytest.mark.usefixtures("proposals")
@pytest.mark.parametrize("name", some(taps.STORIES, "report_loss", "progress"))
def test_a_matter_takes_no_more_taps_than_promised(signed_in, holder, name):
    told = taps.STORIES[name]
    told.prepare(holder)
    page = signed_in(holder, viewport=PHONE)
    page.goto("/")
    hand = taps.Hand(page)
    told.walk(hand, holder)
    assert hand.taps <= told.most_taps, hand.log
    assert hand.fields <= told.most_fields, hand.log
    if os.environ.get("JOURNEYS") == "write":
        taps.write(told, hand)
    assert taps.rows_on_file().get(told.title) == taps.row(told, hand), "run make journeys"
