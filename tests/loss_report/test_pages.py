"""社会保障卡临时挂失 as pages: with and without htmx."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardAction, CardStatus
from apps.cards.models import Card
from apps.common.moments import day_of
from apps.common.templatetags.formats import end_of_day
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.loss_report import services
from apps.loss_report.enums import LossReportStatus
from apps.loss_report.models import LossReport
from apps.loss_report.natural_days import end_of_suspension
from apps.verification.enums import Purpose
from apps.verification.models import Check
from tests.factories.cards import make_card
from tests.factories.checks import pass_check
from tests.factories.loss_reports import report
from tests.factories.people import make_holder, make_reviewer, make_ward, set_birth_date
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db

GUIDE = reverse("loss_report:guide")
RECORDS = reverse("loss_report:records")
HTMX = {"HTTP_HX_REQUEST": "true"}


def ago(**time):
    return timezone.now() - timedelta(**time)


def url(name, card):
    return reverse(f"loss_report:{name}", args=[card.reference])


@pytest.fixture
def card(client):
    """An active card, a month old, of the holder who is signed in."""
    card = make_card(at=ago(days=30))
    client.force_login(card.holder.user)
    return card


def text(response):
    return response.content.decode()


def hidden_end(page):
    return re.search(r'name="ends_at" value="([^"]+)"', page)[1]


# --- Guide


def test_the_guide_is_readable_before_sign_in_and_names_the_hotline(client):
    make_city()
    page = text(client.get(GUIDE))
    assert "7个自然日" in page
    assert "tel:12333" in page
    assert f"{reverse('account_login')}?next={GUIDE}" in page


def test_the_guide_offers_to_report_an_active_card_masked(client, card):
    page = text(client.get(GUIDE))
    assert url("report", card) in page
    assert card.card_number not in page
    assert card.holder.name not in page


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
    assert [card for card, _ in response.context["cards"]] == [own, child]
    assert "子女 *乐 的社保卡" in text(response)


# --- The way through


def test_from_the_guide_to_the_report_and_back_again_by_lifting(client, card):
    confirm = text(client.get(url("report", card)))
    ends_at = end_of_suspension(timezone.now(), 7)
    assert end_of_day(ends_at) in confirm
    assert "没有冻结" in confirm
    assert f"tel:{card.bank_id}" in confirm

    answer = client.post(url("report", card), {"ends_at": hidden_end(confirm)}, follow=True)
    assert answer.redirect_chain == [(url("detail", card), 302)]
    running = text(answer)
    assert "临时挂失中" in running
    assert end_of_day(ends_at) in running
    assert Card.objects.get(pk=card.pk).suspended_until == ends_at

    before = text(client.get(url("lift", card)))
    assert "去核验身份" in before
    check_page = client.post(url("verify", card))
    check = Check.objects.get()
    assert check_page.url == reverse("verification:start", args=[check.reference])
    assert (check.purpose, check.next_url) == (Purpose.LOSS_REPORT, url("lift", card))

    now = timezone.now()
    Check.objects.update(status="PASSED", outcome="PASSED", method="CODE", decided_at=now)
    assert "确认解除挂失" in text(client.get(url("lift", card)))
    done = text(client.post(url("lift", card), follow=True))
    assert "已解除挂失" in done
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


def test_lifting_without_a_check_leads_back_to_it(client, card):
    report(card, at=ago(hours=1))
    answer = client.post(url("lift", card), follow=True)
    assert answer.redirect_chain == [(url("lift", card), 302)]
    assert "请先核验身份" in text(answer)
    assert Card.objects.get(pk=card.pk).status == CardStatus.SUSPENDED


def test_lifting_what_is_over_says_so(client, card):
    report(card, at=ago(days=20))
    assert client.get(url("lift", card)).url == url("detail", card)
    assert "不用解除" in text(client.post(url("lift", card), follow=True))
    assert "不用解除" in text(client.post(url("verify", card), follow=True))


def test_a_card_without_any_report_leads_to_the_confirmation(client, card):
    assert client.get(url("detail", card)).url == url("report", card)


# --- The countdown and the derived status


def test_the_countdown_is_given_the_server_s_time_and_the_end(client, card):
    loss_report = report(card, at=ago(hours=1))
    before = timezone.now()
    page = text(client.get(url("detail", card)))
    until = re.search(r'data-countdown="([^"]+)"', page)[1]
    now = re.search(r'data-countdown-now="([^"]+)"', page)[1]
    assert datetime.fromisoformat(until) == loss_report.ends_at
    assert before <= datetime.fromisoformat(now) <= timezone.now()
    assert "countdown.js" in page


def test_a_suspension_that_is_over_reads_as_active_on_every_page(client, card):
    loss_report = report(card, at=ago(days=20))
    assert Card.objects.get(pk=card.pk).status == CardStatus.SUSPENDED
    guide = client.get(GUIDE)
    assert guide.context["cards"] == [(card, CardStatus.ACTIVE)]
    assert url("report", card) in text(guide)
    detail = text(client.get(url("detail", card)))
    assert "「正常」" in detail
    assert f"到期自动恢复，{end_of_day(loss_report.ends_at)}" in detail
    assert "data-countdown" not in detail
    assert "到期自动恢复" in text(client.get(RECORDS))
    assert "能使用" in text(client.get(url("usable", card)))


def test_a_formal_loss_reads_as_such_before_the_report_is_closed(client, card):
    report(card, at=ago(days=2))
    engine.move(
        card,
        CardAction.CONFIRM_LOSS,
        by=make_reviewer(),
        role=Role.REVIEWER,
        at=ago(days=1),
        channel=Channel.ADMIN,
    )
    assert "已转为正式挂失" in text(client.get(RECORDS))
    detail = text(client.get(url("detail", card)))
    assert "「正式挂失」" in detail
    assert url("lift", card) not in detail


# --- Records


def lost_and_found(card, *, at):
    report(card, at=at)
    by = card.holder.user
    pass_check(holder=card.holder, by=by, purpose=Purpose.LOSS_REPORT, at=at)
    services.lift(card=card, by=by, at=at + timedelta(minutes=10))


def test_htmx_adds_older_records_and_without_it_they_are_a_page(client, card):
    for number in range(12):
        lost_and_found(card, at=ago(days=25 - number))
    first = text(client.get(RECORDS))
    assert first.count("<article") == 10
    assert 'href="?page=2"' in first
    more = client.get(RECORDS + "?page=2", **HTMX)
    assert text(more).count("<article") == 2
    assert "<html" not in text(more)
    page = text(client.get(RECORDS + "?page=2"))
    assert text(more).strip() in page
    assert 'href="?page=1"' in page
    assert "HX-Request" in more["Vary"]


def test_without_records_the_page_says_so(client, card):
    assert "还没有挂失记录" in text(client.get(RECORDS))


@pytest.mark.parametrize("page", [GUIDE, RECORDS])
def test_the_number_of_queries_does_not_grow_with_the_cards(client, page):
    def queries(children):
        guardian = make_holder()
        for _ in range(children):
            card = make_card(holder=make_ward(guardian), by=guardian.user, at=ago(days=30))
            report(card, at=ago(days=1), by=guardian.user)
        client.force_login(guardian.user)
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        return len(captured)

    assert queries(2) == queries(6)


# --- Was it usable?


def test_the_answer_tells_of_the_past_from_the_events(client, card):
    report(card, at=ago(days=3))
    engine.move(
        card,
        CardAction.LIFT,
        by=card.holder.user,
        role=Role.HOLDER,
        at=ago(days=1),
        channel=Channel.WEB,
    )

    def ask(at):
        moment = f"{timezone.localtime(at):%Y-%m-%dT%H:%M:%S}"
        return client.get(url("usable", card), {"at": moment}).context["answer"]

    assert ask(ago(days=60)).status is None
    assert ask(ago(days=5)).is_usable
    assert ask(ago(days=2)).status == CardStatus.SUSPENDED
    assert ask(ago(hours=1)).is_usable
    assert [fact.label for fact in ask(ago(days=2)).facts] == ["制卡成功", "启用", "临时挂失"]


def test_an_end_that_was_written_down_later_shows_both_times(client, card):
    loss_report = report(card, at=ago(days=20))
    engine.move(
        card,
        CardAction.EXPIRE,
        by=None,
        role=Role.WORKER,
        at=ago(days=2),
        channel=Channel.WORKER,
        due_at=loss_report.ends_at,
    )
    fact = client.get(url("usable", card)).context["answer"].facts[-1]
    assert fact.at == loss_report.ends_at
    assert fact.recorded_at > fact.at
    assert "系统登记于" in text(client.get(url("usable", card)))


def test_an_end_that_nobody_has_written_down_is_among_the_facts(client, card):
    loss_report = report(card, at=ago(days=20))
    fact = client.get(url("usable", card)).context["answer"].facts[-1]
    assert (fact.label, fact.at) == ("到期自动恢复", loss_report.ends_at)


@pytest.mark.parametrize("typed", ["tomorrow", "", "9999-01-01T00:00"])
def test_a_moment_that_cannot_be_asked_is_refused_in_words(client, card, typed):
    for headers in ({}, HTMX):
        response = client.get(url("usable", card), {"at": typed}, **headers)
        assert response.context["answer"] is None
        assert response.context["form"].errors["at"][0] in text(response)


def test_the_answer_for_htmx_is_the_one_on_the_page(client, card):
    moment = {"at": f"{timezone.localtime(ago(days=2)):%Y-%m-%dT%H:%M:%S}"}
    fragment = text(client.get(url("usable", card), moment, **HTMX)).strip()
    page = text(client.get(url("usable", card), moment))
    without_clock = re.compile(r"查询于 [\d :-]+")
    assert without_clock.sub("", fragment) in without_clock.sub("", page)
    assert "<html" not in fragment


def test_a_reviewer_reads_the_answer_masked_and_nothing_else(client, card):
    client.force_login(make_reviewer())
    page = text(client.get(url("usable", card)))
    assert "*超" in page
    assert card.card_number not in page
    for name in ("detail", "report", "lift"):
        assert client.get(url(name, card)).status_code == 404


# --- Strangers


@pytest.mark.parametrize("name", ["detail", "report", "lift", "usable"])
def test_a_stranger_finds_nothing(client, card, name):
    client.force_login(make_holder().user)
    assert client.get(url(name, card)).status_code == 404


@pytest.mark.parametrize("name", ["report", "verify", "lift"])
def test_a_stranger_can_do_nothing(client, card, name):
    client.force_login(make_holder().user)
    assert client.post(url(name, card)).status_code == 404
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE


def test_a_guardian_s_way_ends_on_the_16th_birthday(client):
    guardian = make_holder()
    ward = make_ward(guardian)
    card = make_card(holder=ward, by=guardian.user, at=ago(days=30))
    client.force_login(guardian.user)
    assert client.get(url("report", card)).status_code == 200
    today = day_of(timezone.now())
    set_birth_date(ward, today.replace(year=today.year - 16, day=1))
    assert client.get(url("report", card)).status_code == 404
