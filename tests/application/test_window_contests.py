"""Two windows at once, whole views with real threads on PostgreSQL."""

from functools import partial

import pytest

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.requests.models import Particulars
from tests.application.checks import verify
from tests.application.children import as_client
from tests.application.test_two_windows import NEW, THIRD, url
from tests.contests import at_once
from tests.factories.cards import make_draft
from tests.shown import Window

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

three_times = pytest.mark.parametrize("turn", range(3))


@pytest.fixture
def draft():
    draft = make_draft()
    verify(draft)
    return draft


@pytest.fixture
def windows(draft):
    """The form in two windows."""
    return [Window(as_client(draft.holder), url("form", draft)) for _ in range(2)]


def saved(draft):
    return Particulars.objects.get(card_request=draft)


@three_times
def test_two_autosaves_of_different_fields_are_both_kept(draft, windows, turn):
    one, two = (partial(w.send, "particulars", to=url("autosave", draft)) for w in windows)
    at_once(partial(one, address=NEW), partial(two, phone="13912345678"))
    assert (saved(draft).address, saved(draft).phone) == (NEW, "13912345678")


@three_times
def test_of_two_autosaves_of_one_field_the_second_is_asked(draft, windows, turn):
    asked = {}

    def save(window, address):
        answer = window.send("particulars", to=url("autosave", draft), address=address).json()
        asked[address] = bool(answer["clashes"])

    at_once(partial(save, windows[0], NEW), partial(save, windows[1], THIRD))
    kept = saved(draft).address
    assert asked == {address: address != kept for address in (NEW, THIRD)}


@three_times
def test_an_address_saved_while_another_window_confirms_is_not_submitted(draft, windows, turn):
    check = Window(as_client(draft.holder), url("confirm", draft))
    before = saved(draft).address
    save = partial(windows[0].send, "particulars", to=url("autosave", draft), address=NEW)
    at_once(save, partial(check.send, "confirm"))
    is_submitted = CardRequest.objects.get().status == RequestStatus.SUBMITTED
    assert saved(draft).address == (before if is_submitted else NEW)
