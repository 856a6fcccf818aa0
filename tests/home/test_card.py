"""The page of one card: what it is, what happened to it, its receipts and its proof."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus
from tests.factories import cards as steps
from tests.factories.cards import make_card
from tests.factories.formal_losses import make_replacement_draft
from tests.factories.loss_reports import make_loss_report
from tests.factories.moments import ago
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db


def shown(client, card, *, by=None):
    client.force_login(by or card.holder.user)
    return client.get(reverse("home:card", args=[card.reference]))


@pytest.mark.parametrize("status", CardStatus)
def test_a_card_in_any_state_has_its_page_with_the_proof_of_a_moment(client, status):
    card = make_card(status, at=ago(days=2))
    html = shown(client, card).content.decode()
    assert f"is-{status.lower()}" in html
    assert card.card_number not in html
    assert reverse("loss_report:usable", args=[card.reference]) in html


def test_what_happened_has_its_receipt_and_the_newest_comes_first(client):
    card = make_loss_report(at=timezone.now() - timedelta(hours=1)).card
    html = shown(client, card).content.decode()
    assert html.index("<b>临时挂失</b>") < html.index("<b>启用</b>") < html.index("<b>制卡成功</b>")
    for page in ("activation:done", "loss_report:detail"):
        address = reverse(page, args=[card.reference])
        assert f'href="{address}"' in html
        assert client.get(address).status_code == 200


def test_an_old_card_leads_to_the_new_one_and_back(client):
    draft = make_replacement_draft()
    at = draft.status_since
    for number, step in enumerate(
        (steps.submit, steps.pay, steps.accept, steps.approve, steps.produce), start=1
    ):
        step(draft, at=at + timedelta(minutes=number))
    old, new = draft.old_card, draft.card
    assert reverse("home:card", args=[new.reference]) in shown(client, old).content.decode()
    assert reverse("home:card", args=[old.reference]) in shown(client, new).content.decode()


def test_a_stranger_finds_nothing(client):
    assert shown(client, make_card(), by=make_holder().user).status_code == 404


def test_the_page_costs_few_queries(client, django_assert_max_num_queries):
    card = make_card()
    client.force_login(card.holder.user)
    with django_assert_max_num_queries(7):
        client.get(reverse("home:card", args=[card.reference]))
