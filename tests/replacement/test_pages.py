"""The pages of 补换: what each card offers next, fragments, and how much they ask the database."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.replacement import services
from apps.replacement.models import FormalLoss
from tests.factories.cards import make_card, make_request, submit
from tests.factories.formal_losses import make_formal_loss, make_lost_card, make_replacement_draft
from tests.factories.people import make_holder, make_ward
from tests.factories.regions import make_bank, make_city
from tests.shown import send, shown_by

pytestmark = pytest.mark.django_db

GUIDE = reverse("replacement:guide")
HTMX = {"HX-Request": "true"}
TICKED = dict.fromkeys(("service", "privacy", "sensitive", "third_party"), "on")


def url(name, card):
    return reverse(f"replacement:{name}", args=[card.reference])


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def declaration(**values):
    today = day_of(timezone.now())
    return {"lost_date": today.isoformat(), "place": "食堂", "is_sworn": "on"} | values


def test_the_guide_is_readable_before_sign_in_and_says_how(client):
    text = page(client, GUIDE)
    assert "年满18周岁、已办理正式挂失" in text
    assert f"{reverse('account_login')}?next={GUIDE}" in text
    assert "社保卡和下一步" not in text


@pytest.mark.parametrize(
    ("status", "words", "name"),
    [
        (CardStatus.ACTIVE, "先办理正式挂失", "loss"),
        (CardStatus.SUSPENDED, "先办理正式挂失", "loss"),
        (CardStatus.LOST, "可以申请补换新卡", "start"),
    ],
)
def test_each_card_leads_to_its_next_step(client, status, words, name):
    """The only card at once; the guide itself stays one tap away."""
    card = make_card(status, at=timezone.now())
    client.force_login(card.holder.user)
    assert client.get(GUIDE).url == url(name, card)
    assert f'href="{GUIDE}?all"' in client.get(GUIDE, follow=True).content.decode()
    text = page(client, f"{GUIDE}?all")
    assert words in text
    assert f'href="{url(name, card)}"' in text


def test_of_several_cards_one_is_chosen(client):
    card = make_card()
    make_card(holder=make_ward(card.holder), by=card.holder.user)
    client.force_login(card.holder.user)
    assert f'href="{url("loss", card)}"' in page(client, GUIDE)


def test_a_sealed_card_is_activated_from_here_with_masked_name_city_and_number(client):
    card = make_card(CardStatus.SEALED)
    client.force_login(card.holder.user)
    text = page(client, GUIDE)
    assert f'href="{reverse("activation:guide")}"' in text
    start = reverse("activation:start", args=[card.reference])
    assert client.get(reverse("activation:guide"))["Location"] == start
    assert "*超" in text
    assert f"济南市 *****{card.card_number[-4:]}" in text
    assert card.card_number not in text


def test_a_card_that_is_not_sent_yet_is_not_offered_for_activation(client):
    card_request = make_request(RequestStatus.PRODUCED)
    client.force_login(card_request.applicant)
    text = page(client, GUIDE)
    assert "还没有发出" in text
    assert reverse("activation:start", args=[card_request.card.reference]) not in text


def test_a_retired_card_offers_nothing(client):
    card = make_card(CardStatus.RETIRED)
    client.force_login(card.holder.user)
    text = page(client, GUIDE)
    assert "已经注销" in text
    assert card.reference not in text


def test_a_replacement_under_way_leads_to_its_progress(client):
    draft = make_replacement_draft()
    client.force_login(draft.applicant)
    text = page(client, GUIDE)
    assert "补领申请：填写中" in text
    assert draft.get_absolute_url() in text
    assert url("start", draft.old_card) not in text


def test_a_child_s_lost_card_is_replaced_at_the_counter(client):
    guardian = make_holder()
    ward = make_ward(guardian)
    card = make_card(CardStatus.LOST, holder=ward, by=guardian.user)
    client.force_login(guardian.user)
    text = page(client, GUIDE)
    assert "未满18周岁的，不能在网上补换" in text
    assert url("start", card) not in text
    assert "不能在网上补换社保卡" in page(client, url("start", card))


@pytest.mark.parametrize("what", ["sent in another window", "no longer lost"])
def test_a_reason_chosen_too_late_loads_the_page_again(client, what):
    """htmx would otherwise put a whole other page into the middle of this one."""
    if what == "sent in another window":
        card_request = make_replacement_draft()
        submit(card_request, at=timezone.now())
        card = card_request.old_card
    else:
        card = make_card(CardStatus.ACTIVE)
    client.force_login(card.holder.user)
    answer = client.get(url("start", card), {"reason": "LOST"}, headers=HTMX)
    assert answer["HX-Refresh"] == "true"
    assert answer.content == b""


@pytest.mark.parametrize("count", [2, 6])
def test_the_guide_asks_as_much_for_many_cards_as_for_few(
    client, django_assert_max_num_queries, count
):
    guardian = make_holder()
    make_lost_card(holder=guardian)
    for _ in range(count - 1):
        make_card(holder=make_ward(guardian), by=guardian.user)
    client.force_login(guardian.user)
    with django_assert_max_num_queries(9):
        assert page(client, GUIDE).count('class="record"') == count


@pytest.mark.parametrize("status", [CardStatus.SEALED, CardStatus.LOST, CardStatus.RETIRED])
def test_a_card_that_cannot_be_declared_lost_says_why(client, status):
    card = make_card(status)
    client.force_login(card.holder.user)
    assert 'role="alert"' in page(client, url("declare", card))
    client.post(url("declare", card), declaration())
    assert not FormalLoss.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"lost_date": ""}, "请填写丢失的日期"),
        ({"lost_date": "昨天"}, "日期不正确"),
        ({"lost_date": "2098-01-01"}, "丢失日期不能晚于今天。"),
        ({"lost_date": "2001-01-01"}, "丢失日期不能早于制卡日期"),
        ({"place": " "}, "请填写丢失的地点；在网点办过挂失的，也可以只填回执号。"),
        ({"place": "远" * 101}, "最多写 100 个字"),
        ({"is_sworn": ""}, "请勾选声明后再登记。"),
    ],
)
def test_a_declaration_that_says_too_little_is_shown_again(client, wrong, sentence):
    card = make_card()
    client.force_login(card.holder.user)
    answer = client.post(url("declare", card), declaration(**wrong)).content.decode()
    assert sentence in answer
    assert not FormalLoss.objects.exists()


def test_a_receipt_number_is_enough(client):
    card = make_card()
    client.force_login(card.holder.user)
    client.post(url("declare", card), declaration(place="", receipt_number="Ｈ１２３"))
    assert FormalLoss.objects.get().receipt_number == "H123"


def test_a_declaration_sent_twice_counts_once(client):
    card = make_card()
    client.force_login(card.holder.user)
    for _ in range(2):
        assert client.post(url("declare", card), declaration()).url == url("loss", card)
    assert FormalLoss.objects.count() == 1


def test_taking_back_twice_is_as_good_as_once(client):
    loss = make_formal_loss()
    client.force_login(loss.declared_by)
    for _ in range(2):
        send(client, url("take_back", loss.card), page=url("loss", loss.card))
    loss.refresh_from_db()
    assert loss.is_withdrawn
    assert loss.events.get(action="TAKE_BACK").by == loss.declared_by


@pytest.mark.parametrize("name", ["loss", "declare", "start", "banks"])
def test_another_person_finds_no_page(client, name):
    loss = make_formal_loss()
    client.force_login(make_holder().user)
    assert client.get(url(name, loss.card)).status_code == 404


def test_another_person_takes_nothing_back(client):
    loss = make_formal_loss()
    client.force_login(make_holder().user)
    assert client.post(url("take_back", loss.card)).status_code == 404
    assert FormalLoss.objects.waiting().exists()


def test_what_a_reason_asks_for_is_the_same_in_the_fragment_and_on_the_page(client):
    make_city(banks=[make_bank(), make_bank("95588", "中国工商银行")])
    card = make_lost_card()
    client.force_login(card.holder.user)
    for reason in ("LOST", "BANK_CHANGED", "AREA_CHANGED", "KEY_DATA_CHANGED"):
        fragment = client.get(url("start", card), {"reason": reason}, headers=HTMX)
        whole = client.get(url("start", card), {"reason": reason})
        assert fragment.content.decode().strip() in whole.content.decode()
        assert "<html" not in fragment.content.decode()


def test_the_banks_of_the_chosen_city_are_offered(client):
    make_city("370600", "烟台市", banks=[make_bank("95588", "中国工商银行")])
    card = make_lost_card()
    client.force_login(card.holder.user)
    answer = client.get(url("banks", card), {"city": "370600"}, headers=HTMX).content.decode()
    assert "中国工商银行" in answer
    assert "中国建设银行" not in answer
    assert "请先选择新的参保地" in client.get(url("banks", card)).content.decode()


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("service", "请勾选《服务协议》。"),
        ("privacy", "请勾选《个人信息处理规则》。"),
        ("sensitive", "请勾选《敏感个人信息单独同意书》。"),
        ("third_party", "请勾选《向第三方提供个人信息单独同意书》。"),
        ("reason", "请选择补换原因。"),
    ],
)
def test_nothing_is_begun_without_a_reason_and_every_consent(client, left_out, sentence):
    card = make_lost_card()
    client.force_login(card.holder.user)
    data = {"reason": "LOST"} | TICKED
    del data[left_out]
    assert sentence in client.post(url("start", card), data).content.decode()
    assert not CardRequest.objects.filter(old_card=card).exists()


def test_a_refusal_of_the_service_is_shown_on_the_page(client):
    card = make_lost_card(city=make_city(services=()))
    client.force_login(card.holder.user)
    answer = client.post(url("start", card), {"reason": "LOST"} | TICKED).content.decode()
    assert "还没有开通网上补换" in answer
    assert reverse("regions:areas") in answer


def test_a_replacement_that_was_handed_in_is_shown_instead_of_the_reasons(client):
    draft = make_replacement_draft()
    submit(draft, at=draft.status_since + timedelta(minutes=5))
    client.force_login(draft.applicant)
    assert client.get(url("start", draft.old_card)).url == draft.get_absolute_url()


def test_somebody_of_seventeen_is_told_the_way_offline(client):
    today = day_of(timezone.now())
    birthday = date(today.year - 18, today.month, 1) + timedelta(days=40)
    card = make_card(CardStatus.LOST, holder=make_holder(birth_date=birthday))
    client.force_login(card.holder.user)
    assert "户口簿" in page(client, url("start", card))


@pytest.mark.parametrize("city", ["\x00", "\u200b", "37010０", "x" * 300])
def test_a_city_that_is_no_code_is_asked_for_again(client, city):
    card = make_lost_card()
    client.force_login(card.holder.user)
    data = {"reason": "AREA_CHANGED", "city": city, "bank": ""} | TICKED
    answer = client.post(url("start", card), data)
    assert answer.status_code == 200
    assert "新的参保地" in answer.content.decode()


def test_another_declaration_than_the_one_that_was_shown_is_not_taken_back(client):
    """One guardian takes it back and declares it anew; the other one still has the first page."""
    loss = make_formal_loss()
    client.force_login(loss.declared_by)
    shown = shown_by(client, url("loss", loss.card))
    services.take_back(loss=loss, by=loss.declared_by, at=timezone.now())
    second = make_formal_loss(card=loss.card, at=timezone.now(), place="图书馆")
    answer = client.post(url("take_back", loss.card), shown).content.decode()
    assert "地点或情况" in answer
    assert "图书馆" in answer
    second.refresh_from_db()
    assert not second.is_withdrawn
    send(client, url("take_back", loss.card), page=url("loss", loss.card))
    second.refresh_from_db()
    assert second.is_withdrawn


def test_a_text_that_is_too_long_is_not_cut_by_the_browser(client):
    """It arrives whole, and the form says how long it may be."""
    card = make_card()
    client.force_login(card.holder.user)
    assert "maxlength" not in page(client, url("declare", card))
    answer = client.post(url("declare", card), declaration(place="食堂" * 60)).content.decode()
    assert "最多写 100 个字，请删减。" in answer
    assert "食堂" * 60 in answer
