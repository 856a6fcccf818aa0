"""Why a card is replaced: asked once, and where it was lost only of a lost one."""

import pytest
from django.urls import reverse

from apps.cards.enums import ReplacementReason
from apps.replacement.models import FormalLoss
from tests.factories.cards import make_card
from tests.factories.formal_losses import make_lost_card

pytestmark = pytest.mark.django_db


def declare(client, card, **typed):
    client.force_login(card.holder.user)
    return client.post(reverse("replacement:declare", args=[card.reference]), typed)


def test_a_damaged_card_is_not_asked_where_it_was_lost(client):
    card = make_card()
    response = declare(client, card, reason="DAMAGED", is_sworn="on")
    assert response.url == reverse("replacement:loss", args=[card.reference])
    loss = FormalLoss.objects.get()
    assert (loss.reason, loss.place, loss.is_lost) == (ReplacementReason.DAMAGED, "", False)
    page = client.get(response.url).content.decode()
    assert "损坏" in page
    assert "丢失日期" not in page


@pytest.mark.parametrize(
    "typed", [{"place": "公交车上"}, {"lost_date": "2026-11-01"}, {"receipt_number": "H1"}]
)
def test_who_says_damaged_and_where_it_was_lost_is_asked_which_is_right(client, typed):
    card = make_card()
    page = declare(client, card, reason="DAMAGED", is_sworn="on", **typed).content.decode()
    assert "您选的不是「遗失」，又写了丢失的日期、地点或回执号" in page
    assert 'class="only-lost"' not in page
    assert f'value="{next(iter(typed.values()))}"' in page
    assert not FormalLoss.objects.exists()
    blank = dict.fromkeys(typed, " \u200b")
    declare(client, card, reason="DAMAGED", is_sworn="on", **blank)
    assert FormalLoss.objects.get().reason == ReplacementReason.DAMAGED


def test_a_lost_card_is(client):
    page = declare(client, make_card(), reason="LOST", is_sworn="on").content.decode()
    assert "请填写丢失的日期" in page
    assert not FormalLoss.objects.exists()


def test_the_page_of_the_reasons_begins_with_the_one_declared(client):
    card = make_lost_card()
    FormalLoss.objects.update(reason=ReplacementReason.DAMAGED)
    client.force_login(card.holder.user)
    page = client.get(reverse("replacement:start", args=[card.reference]))
    assert page.context["form"]["reason"].value() == ReplacementReason.DAMAGED
