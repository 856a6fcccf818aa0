"""Under 18 a card is replaced at a counter: every page that could lead to 补换 says it first."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus
from apps.common.moments import day_of
from apps.people.models import years_before
from tests.factories.cards import make_card
from tests.factories.formal_losses import make_formal_loss
from tests.factories.moments import ago
from tests.factories.people import make_holder, make_ward

pytestmark = pytest.mark.django_db

CLOSED = "未满18周岁的，不能在网上补换社保卡"
WHERE = "到发卡银行网点或社会保障卡服务网点办理"


def of_a_child():
    """(whose account, the person)"""
    guardian = make_holder()
    return guardian, make_ward(guardian)


def of_somebody_of_17():
    holder = make_holder(birth_date=years_before(day_of(timezone.now()), 17))
    return holder, holder


def with_card(who, status):
    """(the browser of who acts, the card)"""
    acting, person = who()
    client = Client()
    client.force_login(acting.user)
    return client, make_card(status, holder=person, by=acting.user, at=ago(days=30))


def page(client, name, *arguments):
    return client.get(reverse(name, args=arguments), follow=True).content.decode()


@pytest.mark.parametrize("who", [of_a_child, of_somebody_of_17])
def test_it_is_said_before_the_formal_loss(who):
    client, card = with_card(who, CardStatus.ACTIVE)
    for html in (
        page(client, "replacement:guide"),
        page(client, "replacement:declare", card.reference),
        page(client, "application:guide_for_child" if who is of_a_child else "application:guide"),
    ):
        assert CLOSED in html
        assert WHERE in html
        assert html.index(CLOSED) < html.find("正式挂失</a>") or "正式挂失</a>" not in html
    make_formal_loss(card=card, by=card.card_request.applicant, at=ago(days=1))
    declared = page(client, "replacement:loss", card.reference)
    assert CLOSED in declared
    assert "原因缴费" not in declared  # no step of a replacement that cannot be had here


@pytest.mark.parametrize("who", [of_a_child, of_somebody_of_17])
def test_after_the_formal_loss_nothing_leads_in_a_circle(who):
    client, card = with_card(who, CardStatus.LOST)
    start = reverse("replacement:start", args=[card.reference])
    home = page(client, "home:home") + client.get("/").content.decode()
    assert "社保卡已正式挂失，新卡到网点办理" in home
    for html in (
        home,
        page(client, "replacement:guide"),
        page(client, "replacement:declare", card.reference),
        page(client, "loss_report:report", card.reference),
        page(client, "activation:start", card.reference),
        page(client, "application:guide_for_child" if who is of_a_child else "application:guide"),
    ):
        assert f'"{start}"' not in html
        assert html is home or CLOSED in html
    agreement = reverse("application:child_agreement", args=[card.holder.reference])
    if who is of_a_child:
        assert client.get(agreement)["Location"] == reverse("application:guide_for_child")


@pytest.mark.sampled
@pytest.mark.parametrize("who", [of_a_child, of_somebody_of_17])
@pytest.mark.parametrize(
    "status",
    [CardStatus.SEALED, CardStatus.ACTIVE, CardStatus.SUSPENDED, CardStatus.LOST],
)
def test_the_tile_says_it_too(who, status):
    client, card = with_card(who, status)
    address = f"{reverse('home:home')}?person={card.holder.reference}"
    tiles = client.get(address).content.decode().split('class="tiles"')[1].split("</ul>")[0]
    [tile] = [each for each in tiles.split("<li>") if reverse("replacement:guide") in each]
    assert "到网点办理" in tile
    assert "is-off" in tile
    assert "补换新卡" not in tiles
    assert "丢了请办补换" not in tiles


def test_without_a_card_it_is_said_from_which_age_on():
    acting, person = of_a_child()
    client = Client()
    client.force_login(acting.user)
    html = client.get(f"{reverse('home:home')}?person={person.reference}").content.decode()
    assert "满18周岁可办" in html
    assert "满18周岁才能在网上办" in page(client, "home:matters")


def test_nobody_without_a_card_to_replace_is_shown_the_way_there():
    link = f'<a href="{reverse("replacement:guide")}">申请补换</a>'
    client, _ = with_card(of_a_child, CardStatus.SUSPENDED)
    nobody = Client()
    nobody.force_login(make_holder().user)
    adult, _ = with_card(lambda: (make_holder(),) * 2, CardStatus.SEALED)
    assert link not in page(client, "loss_report:guide")
    assert link not in page(nobody, "loss_report:guide")
    assert link in page(adult, "loss_report:guide")


def test_the_guide_of_a_child_s_card_names_no_steps_that_are_closed():
    client, _ = with_card(of_a_child, CardStatus.ACTIVE)
    assert "审核老师确认后申请补换" not in page(client, "replacement:guide")
    adult, _ = with_card(lambda: (make_holder(),) * 2, CardStatus.SEALED)
    assert "审核老师确认后申请补换" in page(adult, "replacement:guide")
