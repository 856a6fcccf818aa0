"""What the first page says in every state of a card: a line or a number, one action, a way out."""

import re
from datetime import timedelta
from functools import partial
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.activation import offers as activation
from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of
from apps.lifecycle.offers import Offers
from apps.loss_report import offers as loss_report
from apps.regions.models import ServiceOpening
from apps.replacement import offers as replacement
from apps.requests.models import Particulars
from tests.factories.cards import activate, ask, make_card, make_draft, make_request
from tests.factories.formal_losses import make_lost_card
from tests.factories.people import make_holder, make_ward

pytestmark = pytest.mark.django_db


class Words(HTMLParser):
    """The text of a page, and of its filled and other buttons."""

    def __init__(self):
        super().__init__()
        self.text = ""
        self.buttons = {}
        self._button = None

    def handle_starttag(self, tag, attrs):
        classes = (dict(attrs).get("class") or "").split()
        if tag in ("a", "button") and "btn" in classes:
            self._button = (" ".join(classes), self.text)

    def handle_endtag(self, tag):
        if tag in ("a", "button") and self._button:
            classes, before = self._button
            self.buttons.setdefault(classes, []).append(self.text[len(before) :].strip())
            self._button = None

    def handle_data(self, data):
        self.text += data


def said(client, holder, **query):
    client.force_login(holder.user)
    html = client.get(reverse("home:home"), query).content.decode()
    wallet = html.split('class="wallet"', 1)[1].split("</section>", 1)[0]
    words = Words()
    words.feed(wallet)
    return wallet, re.sub(r"\s+", " ", words.text), words.buttons


def with_request(status):
    return lambda at: make_request(status, at=at).holder


def with_card(status):
    return lambda at: make_card(status, at=at).holder


def with_portrait_asked(at):
    card_request = make_request(RequestStatus.ACCEPTED, at=at)
    item = {"field": "portrait", "reason": "背景偏绿"}
    ask(card_request, at=at + timedelta(minutes=9), items=[item])
    return card_request.holder


STATES = [
    # how it comes about, look, line or number, main action, way out
    (lambda at: make_holder(), "empty", "您可以申领", "去申领", "开通地区"),
    (
        lambda at: make_draft(at=at, complete=False).holder,
        "printing",
        r"还差\d+项",
        "继续填写",
        "放弃草稿",
    ),
    (
        with_request(RequestStatus.SUBMITTED),
        "printing",
        r"还有\d+天付款",
        "去补充收件信息",
        "撤销申请",
    ),
    (
        with_request(RequestStatus.ACCEPTED),
        "printing",
        r"大约还有\d+天.*不用您做什么",
        "看制卡进度",
        "去补充收件信息",
    ),
    (
        with_request(RequestStatus.NEEDS_AMENDMENT),
        "printing",
        r"\d+天内改好",
        "改手机号",
        "看原因",
    ),
    (with_portrait_asked, "printing", r"\d+天内改好", "重拍照片", "看原因"),
    (
        with_request(RequestStatus.APPROVED),
        "printing",
        r"大约还有\d+天.*制卡中心在做",
        "看制卡进度",
        "去补充收件信息",
    ),
    (with_request(RequestStatus.PRODUCED), "printing", r"大约还有\d+天", "看制卡进度", None),
    (
        with_request(RequestStatus.DISPATCHED),
        "printing",
        r"大约还有\d+天",
        "确认领卡",
        "看制卡进度",
    ),
    (with_card(CardStatus.SEALED), "sealed", "卡到了，启用就能用", "启用社保卡", "卡还没收到？"),
    (with_card(CardStatus.ACTIVE), "active", "可以正常使用", "", None),
    (
        with_card(CardStatus.SUSPENDED),
        "suspended",
        r"还剩6天\d+小时",
        "卡找到了，解除挂失",
        "找不回来，转正式挂失",
    ),
    (with_card(CardStatus.LOST), "lost", "旧卡已停，可以补换", "补换新卡", "卡又找到了？"),
    (with_card(CardStatus.RETIRED), "retired", "这张卡不能再用", "去申领", "开通地区"),
]


@pytest.mark.parametrize(
    ("make", "look", "line", "main", "way_out"), STATES, ids=[f"{s[1]}-{s[3]}" for s in STATES]
)
def test_every_state_has_its_look_its_line_and_one_action(client, make, look, line, main, way_out):
    holder = make(timezone.now() - timedelta(hours=5))
    wallet, text, buttons = said(client, holder)
    assert f"is-{look}" in wallet
    assert re.search(line, text.replace(" ", "")), text
    assert buttons.get("btn", []) == ([main] if main else [])
    assert buttons.get("btn text", []) == ([way_out] if way_out else [])


def test_nothing_to_do_is_a_quiet_button_and_no_errand(client):
    _, _, buttons = said(client, make_card(CardStatus.ACTIVE, at=timezone.now()).holder)
    assert buttons == {"btn tonal": ["找不到卡？先挂失"]}


def test_the_chip_on_the_card_says_the_state_in_words(client):
    wallet, _, _ = said(client, make_card(CardStatus.LOST, at=timezone.now()).holder)
    assert "状态：</span>正式挂失" in wallet


def test_of_several_things_the_one_of_the_person_stands_under_the_card_and_the_rest_are_counted(
    client,
):
    at = timezone.now() - timedelta(hours=1)
    guardian = make_card(CardStatus.SEALED, at=at).holder
    for status in (RequestStatus.NEEDS_AMENDMENT, RequestStatus.SUBMITTED):
        child = make_ward(guardian, birth_date=day_of(at) - timedelta(days=3000))
        make_request(status, holder=child, by=guardian.user, at=at)
    client.force_login(guardian.user)
    html = client.get(reverse("home:home")).content.decode()
    assert "还有 2 件等您办" in html
    rest = html.split("还有 2 件等您办")[1].split("</section>")[0]
    # Both are due on the same day or in order: the soonest first.
    assert rest.count('class="todo"') == 2


def test_a_child_has_a_card_of_its_own(client):
    at = timezone.now()
    guardian = make_holder()
    child = make_ward(guardian, birth_date=day_of(at) - timedelta(days=3000))
    make_request(RequestStatus.APPROVED, holder=child, by=guardian.user, at=at)
    wallet, text, _ = said(client, guardian, person=child.reference)
    assert "is-printing" in wallet
    assert "制作中" in text


def test_a_change_is_animated_once(client):
    card = make_card(CardStatus.SEALED, at=timezone.now() - timedelta(days=3))
    activate(card, at=timezone.now())
    wallet, _, _ = said(client, card.holder)
    assert 'data-former="sealed"' in wallet


@pytest.mark.parametrize(
    ("make", "first"),
    [
        (with_card(CardStatus.SEALED), "activation:guide"),
        (with_card(CardStatus.LOST), "replacement:guide"),
        (lambda at: make_holder(), "application:guide"),
        (with_request(RequestStatus.APPROVED), "progress:list"),
    ],
)
def test_the_matter_for_this_card_comes_first_and_the_others_still_open(client, make, first):
    client.force_login(make(timezone.now() - timedelta(hours=5)).user)
    html = client.get(reverse("home:home")).content.decode()
    tiles = html.split('class="tiles"')[1].split("</ul>")[0]
    links = re.findall(r'href="([^"]+)"', tiles)
    assert links[0] == reverse(first)
    assert len(links) == 6
    assert "is-off" in tiles


OFFERED = {
    "replacement:guide": lambda card, by, at: replacement.offers(card, by=by, at=at),
    "loss_report:guide": lambda card, by, at: loss_report.offers(card, by=by, at=at),
    "activation:guide": lambda card, by, at: Offers(activation.to_activate([card], by=by, at=at)),
}


@pytest.mark.sampled
@pytest.mark.parametrize("status", CardStatus)
@pytest.mark.parametrize("matter", OFFERED)
def test_a_tile_that_is_of_use_leads_to_something_that_can_be_done(client, status, matter):
    at = timezone.now()
    card = make_card(status, at=at - timedelta(days=2))
    client.force_login(card.holder.user)
    html = client.get(reverse("home:home")).content.decode()
    tiles = html.split('class="tiles"')[1].split("</ul>")[0].split("<li>")
    [tile] = [each for each in tiles if f'href="{reverse(matter)}"' in each]
    if "is-off" not in tile:
        assert OFFERED[matter](card, card.holder.user, at).open


@pytest.mark.parametrize(
    ("status", "lines"),
    [
        (CardStatus.SEALED, ["到网点启用"]),
        (CardStatus.ACTIVE, ["到网点办理", "请打 12333"]),
        (CardStatus.LOST, ["到网点办理"]),
    ],
)
def test_what_the_city_has_not_opened_is_said_on_the_tile(client, status, lines):
    at = timezone.now() - timedelta(days=2)
    make = make_lost_card if status == CardStatus.LOST else partial(make_card, status)
    card = make(at=at)
    client.force_login(card.holder.user)
    html = client.get(reverse("home:home")).content.decode()
    assert not any(line in html.split('class="tiles"')[1] for line in lines)
    ServiceOpening.objects.all().delete()
    html = client.get(reverse("home:home")).content.decode()
    for line in lines:
        assert line in html.split('class="tiles"')[1]
    assert "可以补换" not in html


class TestElder:
    def things(self, client, holder):
        client.force_login(holder.user)
        client.cookies["edition"] = "elder"
        html = client.get(reverse("home:home")).content.decode()
        words = Words()
        words.feed(html.split('class="wallet"', 1)[1].split("</main>")[0])
        return words.buttons

    @pytest.mark.parametrize("make", [state[0] for state in STATES], ids=lambda make: "")
    def test_at_most_four_things_and_the_call_button(self, client, make):
        buttons = self.things(client, make(timezone.now() - timedelta(hours=5)))
        assert buttons.pop("btn call") == ["打电话问 12333"]
        assert len(buttons["btn"]) == 1
        assert 1 <= sum(map(len, buttons.values())) <= 4

    def test_the_words_are_those_of_somebody_who_asks(self, client):
        buttons = self.things(client, make_card(CardStatus.ACTIVE, at=timezone.now()).holder)
        assert buttons["btn tonal"] == ["卡坏了，换新卡", "查办到哪一步"]


@pytest.mark.parametrize(
    "values",
    [{}, {"occupation": ""}, {"id_valid_from": None}, {"id_valid_from": None, "address": ""}],
    ids=lambda values: " and ".join(values) or "only what a new draft lacks",
)
def test_home_and_form_miss_the_same(client, values):
    draft = make_draft(complete=False)
    Particulars.objects.filter(card_request=draft).update(**values)
    _, home, _ = said(client, draft.holder)
    form = client.get(reverse("application:form", args=[draft.reference])).context["progress"]
    missing = [field.label for field in form.missing]
    assert f"还差{len(missing)}项" in home.replace(" ", "")
    assert "、".join(missing[:3]) in home
