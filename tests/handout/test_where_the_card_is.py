"""Every page says the same of a card that lies at the unit, and none says that it was only sent."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.handout import counting
from tests.factories.boxes import make_box, make_sent_to_unit, make_waiting
from tests.factories.cards import make_request
from tests.factories.people import make_holder, make_ward

pytestmark = pytest.mark.django_db

_CHIP = re.compile(r'class="face-state[^>]*>.*?</span>([^<]*)</span>', re.DOTALL)


def chips(client, address):
    """What the cards that are drawn on the page say."""
    return [words.strip() for words in _CHIP.findall(client.get(address).content.decode())]


def now():
    return timezone.now()


@pytest.fixture
def holder():
    return make_holder()


def test_the_drawn_card_says_that_it_lies_at_the_unit(client, handler, holder):
    row = make_waiting(handler, holder=holder, at=now())
    client.force_login(holder.user)
    for address in (reverse("home:home"), row.card_request.get_absolute_url()):
        assert chips(client, address) == ["已到单位"]


def test_lists_say_it_in_words_too(client, handler, holder):
    row = make_waiting(handler, holder=holder, at=now())
    ward = make_ward(holder)
    make_request(RequestStatus.APPROVED, holder=ward, by=holder.user)
    client.force_login(holder.user)
    of_list = client.get(reverse("progress:list")).content.decode()
    assert "已到单位" in of_list
    for address in (
        reverse("progress:list"),
        reverse("application:guide"),
        reverse("application:detail", args=[row.card_request.reference]),
    ):
        html = client.get(address).content.decode()
        assert "已到单位" in html
        assert "已发出" not in html


def test_of_a_child_it_is_said_where_the_children_stand(client, handler, holder):
    ward = make_ward(holder)
    make_waiting(handler, guardian=holder, holder=ward, at=now())
    client.force_login(holder.user)
    for name in ("children:list", "application:guide_for_child"):
        assert chips(client, reverse(name)) == ["已到单位"]


def test_before_it_is_counted_it_was_sent_and_a_missing_one_is_looked_for(client, handler, holder):
    lost, found = make_sent_to_unit(holder=holder), make_sent_to_unit()
    client.force_login(holder.user)
    assert chips(client, reverse("home:home")) == ["已发出"]
    box = make_box(handler, lost, found, counted=[found], at=now() - timedelta(minutes=1))
    assert chips(client, reverse("home:home")) == ["已发出"]
    counting.check(box=box, by=handler, at=now())
    assert chips(client, reverse("home:home")) == ["正在查找"]
