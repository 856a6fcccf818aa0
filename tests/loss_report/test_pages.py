"""The guide of a temporary loss, reporting and lifting."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus
from apps.cards.models import Card
from apps.common.templatetags.formats import moment
from apps.loss_report import services
from apps.loss_report.enums import LossReportStatus
from apps.loss_report.models import LossReport
from apps.loss_report.natural_days import end_of_suspension
from apps.verification.enums import Purpose
from apps.verification.models import Check
from tests.factories.cards import make_card
from tests.factories.checks import pass_check
from tests.factories.formal_losses import declare
from tests.factories.loss_reports import report
from tests.factories.moments import ago
from tests.factories.people import PASSWORD, make_holder, make_ward
from tests.factories.regions import make_city
from tests.loss_report.steps import GUIDE, text, url
from tests.phones import code_in
from tests.shown import Window, send, words

pytestmark = pytest.mark.django_db


def hidden_end(page):
    return re.search(r'name="ends_at" value="([^"]+)"', page)[1]


def test_the_guide_is_readable_before_sign_in_and_names_the_hotline(client):
    make_city()
    page = text(client.get(GUIDE))
    assert "7个自然日" in page
    assert "tel:12333" in page
    assert f"{reverse('account_login')}?next={GUIDE}" in page


def test_the_guide_leads_to_what_can_be_done_with_the_only_card(client, card):
    assert client.get(GUIDE).url == url("report", card)
    report(card, at=ago(hours=1))
    assert client.get(GUIDE).url == url("detail", card)


def test_the_guide_offers_to_report_active_cards_masked(client, card):
    child = make_card(holder=make_ward(card.holder), by=card.holder.user, at=ago(days=30))
    page = text(client.get(GUIDE))
    for each in (card, child):
        assert url("report", each) in page
        assert each.card_number not in page
        assert each.holder.name not in page


@pytest.mark.parametrize("status", [CardStatus.SEALED, CardStatus.LOST])
def test_the_guide_says_why_a_card_needs_no_report(client, status):
    card = make_card(status, at=ago(days=30))
    client.force_login(card.holder.user)
    page = text(client.get(GUIDE))
    assert url("report", card) not in page
    assert "不用" in page


def test_a_retired_card_is_not_listed(client):
    card = make_card(CardStatus.RETIRED, at=ago(days=30))
    client.force_login(card.holder.user)
    assert "没有可以挂失的社保卡" in text(client.get(GUIDE))


def test_own_cards_stand_before_those_of_the_children(client):
    guardian = make_holder()
    child = make_card(holder=make_ward(guardian), by=guardian.user, at=ago(days=30))
    own = make_card(holder=guardian, at=ago(days=30))
    make_card(at=ago(days=30))
    client.force_login(guardian.user)
    response = client.get(GUIDE)
    assert [row["card"] for row in response.context["rows"]] == [own, child]
    assert "子女 *乐 的社保卡" in text(response)


def test_from_the_guide_to_the_report_and_back_again_by_lifting(client, card, phones):
    confirm = text(client.get(url("report", card)))
    ends_at = end_of_suspension(timezone.now(), 7)
    assert moment(ends_at) in words(confirm)
    assert "没有冻结" in confirm
    assert f"tel:{card.bank_id}" in confirm

    answer = client.post(url("report", card), {"ends_at": hidden_end(confirm)}, follow=True)
    assert answer.redirect_chain == [(url("detail", card), 302)]
    running = text(answer)
    assert "临时挂失中" in running
    assert moment(ends_at) in words(running)
    assert Card.objects.get(pk=card.pk).suspended_until == ends_at

    before = text(client.get(url("lift", card)))
    assert "核对是您本人" in before
    assert "确认解除挂失" in text(client.post(url("lift", card), {"send": "1"}))
    check = Check.objects.get()
    assert (check.purpose, check.next_url) == (Purpose.LOSS_REPORT, url("lift", card))

    typed = {"code": code_in(phones[0][1]), "password": PASSWORD}
    done = text(send(client, url("lift", card), typed, follow=True))
    assert "已解除挂失" in done
    assert "可以正常使用" in done  # the first page, on which the card is restored
    assert url("detail", card) in done
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE
    assert LossReport.objects.get().status == LossReportStatus.LIFTED


def test_confirming_twice_reports_once_and_shows_the_same_page(client, card):
    data = {"ends_at": hidden_end(text(client.get(url("report", card))))}
    first = client.post(url("report", card), data)
    second = client.post(url("report", card), data)
    assert first.url == second.url == url("detail", card)
    assert LossReport.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "2020-01-01T00:00:00+08:00", "not a moment"])
def test_another_end_than_the_present_one_has_to_be_confirmed_anew(client, card, typed):
    answer = client.post(url("report", card), {"ends_at": typed})
    assert "到期时间与您刚才看到的不同" in text(answer)
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE
    again = client.post(url("report", card), {"ends_at": hidden_end(text(answer))})
    assert again.url == url("detail", card)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (CardStatus.SEALED, "还没有启用"),
        (CardStatus.LOST, "已经正式挂失"),
        (CardStatus.RETIRED, "已经注销"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_card_that_cannot_be_reported_says_why(client, status, words, method):
    card = make_card(status, at=ago(days=30))
    client.force_login(card.holder.user)
    assert words in text(getattr(client, method)(url("report", card)))


def test_a_card_that_is_suspended_already_leads_to_its_report(client, card):
    report(card, at=ago(hours=1))
    assert client.get(url("report", card)).url == url("detail", card)


def test_from_the_second_time_on_the_page_points_to_the_formal_loss(client, card):
    assert "已经挂失过" not in text(client.get(url("report", card)))
    report(card, at=ago(days=20))
    page = text(client.get(url("report", card)))
    assert "已经挂失过 1 次" in page
    assert reverse("replacement:guide") in page


def test_lifting_without_a_check_asks_for_it(client, card):
    report(card, at=ago(hours=1))
    assert "请填写短信里的 6 位验证码" in text(client.post(url("lift", card)))
    assert Card.objects.get(pk=card.pk).status == CardStatus.SUSPENDED


def test_lifting_what_is_over_says_so(client, card):
    report(card, at=ago(days=20))
    assert client.get(url("lift", card)).url == url("detail", card)
    assert "不用解除" in text(client.post(url("lift", card), follow=True))
    assert client.post(url("lift", card), {"send": "1"}).url == url("detail", card)


def test_a_card_without_any_report_leads_to_the_confirmation(client, card):
    assert client.get(url("detail", card)).url == url("report", card)


def test_a_declared_formal_loss_is_not_asked_for_once_more(client):
    card = make_card(at=ago(days=3))
    report(card, at=ago(days=1))
    client.force_login(card.holder.user)
    assert "请在到期前办理正式挂失" in text(client.get(url("detail", card)))
    declare(card, at=ago(hours=1))
    page = text(client.get(url("detail", card)))
    assert "正式挂失已登记，等审核老师确认" in page
    assert "办理正式挂失" not in page
    start = text(client.get(reverse("replacement:start", args=[card.reference])))
    assert "登记，审核老师" in start
    assert "先要办理正式挂失" not in start


def test_another_suspension_than_the_one_that_was_shown_is_not_lifted(client, card):
    """Two windows: the card is lifted in one and reported again; the other one still has its page.

    The card may be in somebody else's hands by then.
    """
    report(card, at=ago(hours=3))
    pass_check(holder=card.holder, by=card.holder.user, purpose=Purpose.LOSS_REPORT, at=ago())
    window = Window(client, url("lift", card))
    services.lift(card=card, by=card.holder.user, at=ago(minutes=2))
    report(card, at=ago(minutes=1))
    pass_check(holder=card.holder, by=card.holder.user, purpose=Purpose.LOSS_REPORT, at=ago())
    answer = text(window.send("confirm"))
    assert "挂失时间" in answer
    assert "还没有提交" in answer
    assert Card.objects.get(pk=card.pk).status == CardStatus.SUSPENDED
    Window(client, url("lift", card)).send("confirm")
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE
