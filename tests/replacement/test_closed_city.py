"""What the city of a card has not opened is said before anybody begins."""

import pytest
from django.urls import reverse

from apps.cards.enums import CardStatus
from apps.regions.enums import Service
from apps.regions.models import ServiceOpening
from tests.factories.cards import make_card
from tests.factories.formal_losses import make_lost_card
from tests.factories.moments import ago
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db

GUIDE = reverse("replacement:guide")


def url(name, card):
    return reverse(f"replacement:{name}", args=[card.reference])


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_where_the_service_is_not_open_the_page_says_so_before_anything_is_declared(client):
    card = make_card(city=make_city(services=()))
    client.force_login(card.holder.user)
    assert "还没有开通网上补换" in page(client, url("declare", card))


def test_a_lost_card_of_a_closed_city_says_so_before_reasons_and_agreements(client):
    card = make_lost_card()
    client.force_login(card.holder.user)
    assert "可以申请补换新卡" in page(client, url("start", card))
    ServiceOpening.objects.filter(service=Service.REPLACE).delete()
    for address in (url("start", card), GUIDE, reverse("home:home")):
        html = client.get(address, follow=True).content.decode()
        assert "还没有开通网上补换" in html
        assert "参保地变到已开通的地区的，可以在网上申请" in html
        assert "可以申请补换新卡" not in html


def test_a_temporary_loss_of_a_closed_city_promises_no_new_card_online(client):
    card = make_card(CardStatus.SUSPENDED, at=ago(days=1))
    client.force_login(card.holder.user)
    address = reverse("loss_report:detail", args=[card.reference])
    assert "再申请补换" in page(client, address)
    ServiceOpening.objects.filter(service=Service.REPLACE).delete()
    html = page(client, address)
    assert "再申请补换" not in html
    assert "还没有开通网上补换" in html


def test_how_a_card_is_stopped_at_once_is_what_can_be_done(client):
    card = make_card(at=ago(days=1))
    client.force_login(card.holder.user)
    link = f'请先<a href="{reverse("loss_report:guide")}">临时挂失</a>'
    assert link in page(client, url("declare", card))
    ServiceOpening.objects.filter(service=Service.LOSS_REPORT).delete()
    html = page(client, url("declare", card))
    assert link not in html
    assert "想马上停用，请打" in html
    stopped = make_card(CardStatus.SUSPENDED, at=ago(days=1))
    client.force_login(stopped.holder.user)
    html = page(client, url("declare", stopped))
    assert "临时挂失已经停用；审核老师确认后，到期也不再恢复" in html
    assert "想马上停用" not in html
