"""社会保障卡启用 as pages: with and without htmx."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.activation import views
from apps.cards.enums import CardAction, CardStatus, RequestStatus
from apps.cards.models import Card
from apps.verification.enums import Purpose
from apps.verification.models import Check
from tests.factories.cards import make_card, make_request
from tests.factories.checks import pass_check
from tests.factories.moments import ago
from tests.factories.people import PASSWORD, make_holder, make_ward
from tests.phones import code_in

pytestmark = pytest.mark.django_db

GUIDE = reverse("activation:guide")
RECORDS = reverse("activation:records")
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, card):
    return reverse(f"activation:{name}", args=[card.reference])


def text(response):
    return response.content.decode()


@pytest.fixture
def card(client):
    """A sealed card, a month old, of the holder who is signed in."""
    card = make_card(CardStatus.SEALED, at=ago(days=30))
    client.force_login(card.holder.user)
    return card


def pass_for(card, *, by=None):
    by = by or card.holder.user
    return pass_check(holder=card.holder, by=by, purpose=Purpose.ACTIVATE, at=timezone.now())


# --- Guide


def test_the_guide_is_readable_before_sign_in(client):
    page = text(client.get(GUIDE))
    assert "封存" in page
    assert f"{reverse('account_login')}?next={GUIDE}" in page


def test_the_guide_lists_sealed_cards_masked_own_ones_first(client):
    guardian = make_holder()
    child = make_card(
        CardStatus.SEALED, holder=make_ward(guardian), by=guardian.user, at=ago(days=30)
    )
    own = make_card(CardStatus.SEALED, holder=guardian, at=ago(days=30))
    make_card(CardStatus.SEALED, at=ago(days=30))
    client.force_login(guardian.user)
    response = client.get(GUIDE)
    assert [row["card"] for row in response.context["rows"]] == [own, child]
    assert own.card_number not in text(response)
    assert "子女 *乐 的社保卡" in text(response)


def test_a_card_in_production_leads_to_its_progress(client):
    card_request = make_request(RequestStatus.APPROVED, at=ago(days=1))
    client.force_login(card_request.holder.user)
    page = text(client.get(GUIDE))
    assert "还没有制成" in page
    assert card_request.get_absolute_url() in page


def test_a_card_that_is_made_but_not_sent_cannot_be_activated_yet(client):
    card_request = make_request(RequestStatus.PRODUCED, at=ago(days=1))
    client.force_login(card_request.holder.user)
    page = text(client.get(GUIDE))
    assert "还没有发出" in page
    assert url("start", card_request.card) not in page
    assert "还没有发出" in text(client.get(url("start", card_request.card)))


# --- The way through


def test_from_the_guide_through_the_check_to_the_bank_part(client, card, phones):
    # The only card is not chosen from a list.
    assert client.get(GUIDE).url == url("start", card)
    assert "核对是您本人" in text(client.get(url("start", card)))

    sent = text(client.post(url("start", card), {"send": "1"}))
    assert "验证码已发到" in sent
    assert "确认启用" in sent
    check = Check.objects.get()
    assert (check.purpose, check.next_url) == (Purpose.ACTIVATE, url("start", card))

    typed = {"code": code_in(phones[0][1]), "password": PASSWORD}
    answer = client.post(url("start", card), typed, follow=True)
    assert answer.redirect_chain == [(url("done", card), 302)]
    page = text(answer)
    assert "社保功能已启用" in page
    assert f"{card.bank.name}任一网点" in page
    assert f"tel:{card.bank_id}" in page
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE
    assert Check.objects.get().is_used
    assert "网上办理" in text(client.get(RECORDS))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (CardStatus.RETIRED, "现在是「注销」"),
        (CardStatus.LOST, "现在是「正式挂失」"),
        (CardStatus.SUSPENDED, "自动恢复"),
    ],
)
def test_opened_later_the_success_says_what_was_then_and_what_is_now(client, status, words):
    card = make_card(status, at=ago(days=2))
    client.force_login(card.holder.user)
    page = text(client.get(url("done", card)))
    assert words in page
    assert "当时已经启用" in page
    for untrue in ("启用成功", "可以在医院、药店结算了", "还差一步"):
        assert untrue not in page


def test_activating_a_card_that_is_only_sent_confirms_the_receipt(client):
    card_request = make_request(RequestStatus.DISPATCHED, at=ago(days=1))
    client.force_login(card_request.applicant)
    assert "同时确认已领到卡" in text(client.get(url("start", card_request.card)))
    pass_for(card_request.card)
    client.post(url("start", card_request.card))
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.COLLECTED


def test_confirming_twice_activates_once_and_shows_the_same_page(client, card):
    pass_for(card)
    first = client.post(url("start", card))
    second = client.post(url("start", card))
    assert first.url == second.url == url("done", card)
    assert card.events.filter(action=CardAction.ACTIVATE).count() == 1


def test_without_a_check_nothing_is_activated(client, card):
    assert "请填写短信里的 6 位验证码" in text(client.post(url("start", card)))
    assert Card.objects.get(pk=card.pk).status == CardStatus.SEALED


def test_the_success_page_of_a_sealed_card_leads_to_its_beginning(client, card):
    assert client.get(url("done", card)).url == url("start", card)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (CardStatus.ACTIVE, "已经启用"),
        (CardStatus.SUSPENDED, "正在临时挂失"),
        (CardStatus.LOST, "已经正式挂失"),
        (CardStatus.RETIRED, "已经注销"),
    ],
)
def test_a_card_that_cannot_be_activated_says_why(client, status, words):
    card = make_card(status, at=ago(days=1))
    client.force_login(card.holder.user)
    assert words in text(client.get(url("start", card)))
    assert words in text(client.post(url("start", card), {"send": "1"}))
    assert not Check.objects.exists()


def test_the_bank_part_for_a_child_is_the_parents_matter(client):
    guardian = make_holder()
    card = make_card(
        CardStatus.SEALED, holder=make_ward(guardian), by=guardian.user, at=ago(days=30)
    )
    client.force_login(guardian.user)
    pass_for(card, by=guardian.user)
    assert "户口簿" in text(client.post(url("start", card), follow=True))


# --- Records


def activated_children(guardian, count):
    return [
        make_card(holder=make_ward(guardian), by=guardian.user, at=ago(days=30))
        for _ in range(count)
    ]


def test_htmx_adds_older_records_and_without_it_they_are_a_page(client, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 2)
    guardian = make_holder()
    activated_children(guardian, 3)
    client.force_login(guardian.user)
    assert text(client.get(RECORDS)).count("<article") == 2
    more = client.get(RECORDS + "?page=2", **HTMX)
    assert text(more).count("<article") == 1
    assert "<html" not in text(more)
    assert text(more).strip() in text(client.get(RECORDS + "?page=2"))


def test_records_of_others_are_not_shown(client, card):
    make_card(at=ago(days=30))
    assert "还没有启用记录" in text(client.get(RECORDS))


def sealed_and_active(guardian, count):
    """`count` sealed cards and requests in production each, and records of activations."""
    activated_children(guardian, count)
    for _ in range(count):
        options = {"by": guardian.user, "at": ago(days=30)}
        make_card(CardStatus.SEALED, holder=make_ward(guardian), **options)
        make_request(RequestStatus.APPROVED, holder=make_ward(guardian), **options)


def queries(client, page):
    with CaptureQueriesContext(connection) as captured:
        client.get(page)
    return len(captured)


def test_6_cards_of_each_kind_cost_as_many_queries_as_2(client):
    guardian = make_holder()
    client.force_login(guardian.user)
    sealed_and_active(guardian, 2)
    with_2 = [queries(client, page) for page in (GUIDE, RECORDS)]
    sealed_and_active(guardian, 4)
    assert [queries(client, page) for page in (GUIDE, RECORDS)] == with_2


# --- Strangers


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("start", "get"),
        ("start", "post"),
        ("done", "get"),
    ],
)
def test_a_stranger_finds_nothing(client, card, name, method):
    client.force_login(make_holder().user)
    assert getattr(client, method)(url(name, card)).status_code == 404
    assert Card.objects.get(pk=card.pk).status == CardStatus.SEALED
