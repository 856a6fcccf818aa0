"""What another matter lists of itself stands on the first page, among the matters, in the words."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus
from apps.cards.errands import CardErrand
from apps.common import navigation, rooms
from apps.common.navigation import NavigationEntry, NavigationPlace
from apps.people import consents
from apps.people.enums import ConsentKind
from apps.regions.enums import Service
from apps.rulebook import impact
from apps.verification.enums import purposes
from tests.factories.cards import make_card
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db

RETIRE = NavigationEntry(
    NavigationPlace.MATTERS,
    55,
    "注销",
    "loss_report:guide",
    icon="close",
    title="社会保障卡注销",
    line="不再使用的卡，注销后不能恢复",
)


def of_cards(cards, *, by, at):
    return [CardErrand(card, "卡在注销中", "查看", "/retire/") for card in cards]


@pytest.fixture(autouse=True)
def _there(monkeypatch):
    entries = sorted([*navigation._entries(), RETIRE], key=lambda entry: entry.order)
    monkeypatch.setattr(navigation, "_entries", lambda: entries)
    modules = rooms.modules
    room = SimpleNamespace(__name__="apps.retirement.errands", of_cards=of_cards)
    monkeypatch.setattr(rooms, "modules", lambda name: [*modules(name), room])


def test_the_first_page_and_that_of_the_matters_have_it_in_its_place(client):
    html = client.get(reverse("home:home")).content.decode()
    assert html.index("一时找不到卡") < html.index("不再使用的卡") < html.index("看卡做到哪一步")
    assert "六件事都在这里办" in html
    html = client.get(reverse("home:matters")).content.decode()
    assert html.index("一时找不到卡") < html.index("不再使用的卡") < html.index("看卡做到哪一步")


def test_what_it_asks_of_the_user_stands_among_the_errands(client):
    holder = make_holder()
    make_card(CardStatus.ACTIVE, holder=holder, at=timezone.now())
    client.force_login(holder.user)
    html = client.get(reverse("home:home")).content.decode()
    assert "卡在注销中" in html
    assert 'href="/retire/"' in html


def test_the_agreement_names_it():
    words = "六个事项：社会保障卡申领、启用、补换、临时挂失、注销、制卡进度查询"
    assert words in consents.text(ConsentKind.SERVICE)


def test_a_service_is_a_purpose_of_an_identity_check_by_itself():
    assert set(Service.values) <= set(purposes())


def test_closing_a_service_that_has_no_words_of_its_own_names_the_cards_in_hand():
    card = make_card(CardStatus.ACTIVE)
    service = SimpleNamespace(label="社会保障卡注销")
    groups = impact.of_closed_service(card.city, service, at=timezone.now())
    assert ["社会保障卡注销" in group.effect for group in groups] == [True]
