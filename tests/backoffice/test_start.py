"""The desk's first page: what needs a decision, for whom, and what nobody else may see."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.backoffice.start import work
from apps.backoffice.start.forms import WEEKS
from apps.backoffice.start.views import FIGURES_KEY
from apps.bureau.models import ProductionBatch
from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.desk import roles
from apps.desk.claims.services import claim
from apps.desk.templatetags.desk import waited
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.payments import services as payments
from apps.payments.models import Payment
from apps.requests.services import approve
from apps.review.filters import RequestFilter
from tests.factories import cards as steps
from tests.factories.cards import AS_WORKER, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.payments import make_paid
from tests.factories.people import (
    make_claim,
    make_colleague,
    make_holder,
    make_reviewer,
    make_user,
    make_ward,
)

pytestmark = pytest.mark.django_db

START = reverse("admin:index")
# A Wednesday morning in Beijing; three working days before it is Friday.
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def cards_for(user, at=NOW):
    request = RequestFactory().get(START)
    request.user = user
    return {card.key: card for card in work.cards(request, at=at)}


def accepted(at, **options):
    """A request that waits for its review since `at`."""
    return make_request(RequestStatus.ACCEPTED, at=at - timedelta(minutes=3), **options)


def resubmitted(at):
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT, at=at - timedelta(days=1))
    engine.move(
        card_request,
        RequestAction.AMEND,
        by=card_request.applicant,
        role=Role.HOLDER,
        at=at,
        channel=Channel.WEB,
    )
    return card_request


def sent_back(at):
    card_request = make_request(RequestStatus.APPROVED, at=at - timedelta(days=1))
    engine.move(card_request, RequestAction.FAIL, at=at, reason="照片不合格", **AS_WORKER)
    return card_request


def refunding(at, *, error=""):
    """A rejected request whose refund began at `at`."""
    payment = make_paid(at=at - timedelta(hours=2))
    steps.accept(payment.card_request, at=at - timedelta(hours=1))
    steps.reject(payment.card_request, at=at - timedelta(minutes=1))
    payment.refresh_from_db()
    payments.refund(payment=payment, reason="审核不通过", by=None, at=at)
    Payment.objects.filter(pk=payment.pk).update(last_error=error)
    return payment


def test_each_kind_of_work_is_counted_with_its_oldest():
    oldest = accepted(NOW - timedelta(days=2))
    resubmitted(NOW - timedelta(hours=5))
    sent_back(NOW - timedelta(hours=4))
    make_formal_loss(at=NOW - timedelta(hours=3))
    make_claim(make_holder(), at=NOW - timedelta(hours=2))
    refunding(NOW - timedelta(hours=1), error="GatewayUnavailable: 503")
    found = cards_for(make_reviewer())
    assert {key: card.count for key, card in found.items()} == {
        "waiting": 3,
        "resubmitted": 1,
        "failed": 1,
        "losses": 1,
        "claims": 1,
        "refunds": 1,
    }
    assert [round((NOW - card.oldest_at) / timedelta(hours=1)) for card in found.values()] == [
        48,
        5,
        4,
        3,
        2,
        1,
    ]
    assert found["waiting"].oldest_at == oldest.status_since


def test_the_promise_is_that_of_the_oldest_and_the_overdue_are_counted(settings):
    settings.REVIEW_WORKING_DAYS = 3
    accepted(datetime(2026, 11, 19, 2, 0, tzinfo=UTC))  # a Thursday: until Tuesday
    accepted(datetime(2026, 11, 20, 2, 0, tzinfo=UTC))  # a Friday: until Wednesday, which is today
    accepted(NOW - timedelta(hours=1))
    waiting = cards_for(make_reviewer())["waiting"]
    assert (waiting.overdue, waiting.promise_date.isoformat()) == (1, "2026-11-24")


def test_claims_count_while_they_live():
    reviewer, colleague = make_reviewer(), make_reviewer()
    mine, theirs, lapsed, _ = (accepted(NOW - timedelta(hours=hour)) for hour in (4, 3, 2, 1))
    claim(subject=mine, by=reviewer, at=NOW)
    claim(subject=theirs, by=colleague, at=NOW)
    claim(subject=lapsed, by=reviewer, at=NOW - timedelta(minutes=90))
    waiting = cards_for(reviewer)["waiting"]
    assert (waiting.mine, waiting.free, waiting.others) == (1, 2, 1)


def test_what_the_reviewer_is_a_party_to_never_counts():
    reviewer = make_reviewer()
    own = make_holder(user=reviewer)
    accepted(NOW - timedelta(days=1), holder=own)
    accepted(NOW - timedelta(days=1), holder=make_ward(own), by=reviewer)
    make_claim(own, at=NOW - timedelta(days=1))
    assert {card.count for card in cards_for(reviewer).values()} == {0}
    colleague = cards_for(make_reviewer())
    assert (colleague["waiting"].count, colleague["claims"].count) == (2, 1)


@pytest.mark.parametrize("key", ["waiting", "resubmitted", "failed"])
def test_every_link_opens_the_list_on_exactly_what_was_counted(key):
    reviewer = make_reviewer()
    for at in (NOW - timedelta(days=9), NOW - timedelta(hours=1)):
        cases = [accepted(at), resubmitted(at), sent_back(at)]
    for card_request in cases:
        claim(subject=card_request, by=reviewer, at=NOW)
    card = cards_for(reviewer)[key]
    for url, number in (
        (card.url, card.count),
        (card.mine_url, card.mine),
        (card.free_url, card.free),
        (card.overdue_url, card.overdue),
    ):
        address = urlsplit(url)
        assert address.path == reverse("admin:cards_cardrequest_changelist")
        form = RequestFilter({name: value for name, (value,) in parse_qs(address.query).items()})
        assert form.is_valid()
        assert form.narrow(CardRequest.objects.all(), user=reviewer, at=NOW).count() == number > 0


def test_the_next_case_is_offered_unless_colleagues_hold_all():
    reviewer, colleague = make_reviewer(), make_reviewer()
    assert cards_for(reviewer)["waiting"].next_url == ""
    card_request = accepted(NOW - timedelta(hours=1))
    assert cards_for(reviewer)["waiting"].next_url == reverse("admin:cards_cardrequest_next")
    claim(subject=card_request, by=colleague, at=NOW)
    assert cards_for(reviewer)["waiting"].next_url == ""
    assert cards_for(colleague)["waiting"].next_url != ""


@pytest.mark.parametrize(
    ("age", "error", "is_counted"),
    [
        (timedelta(minutes=5), "", False),
        (timedelta(minutes=5), "GatewayUnavailable: 503", True),
        (timedelta(hours=25), "", True),
    ],
)
def test_a_refund_needs_somebody_when_it_failed_or_takes_longer_than_a_day(age, error, is_counted):
    payment = refunding(NOW - age, error=error)
    refunds = cards_for(make_reviewer())["refunds"]
    assert refunds.count == is_counted
    assert refunds.references == ([payment.card_request.reference] if is_counted else [])
    if is_counted:
        assert refunds.oldest_at == NOW - age


def test_money_that_nobody_began_to_send_back_counts_after_a_day():
    payment = make_paid(at=NOW - timedelta(days=3))
    steps.accept(payment.card_request, at=NOW - timedelta(days=3))
    steps.reject(payment.card_request, at=NOW - timedelta(days=2))
    assert cards_for(make_reviewer())["refunds"].count == 1


def test_a_supervisor_sees_batches_that_did_not_leave():
    for error in ("timeout", ""):
        batch = ProductionBatch(created_at=NOW, next_try_at=NOW, last_error=error)
        engine.begin(batch, "ASSEMBLE", at=NOW, **AS_WORKER)
    assert cards_for(make_colleague(roles.SUPERVISOR))["bureau"].count == 1
    assert "bureau" not in cards_for(make_reviewer())


def test_6_cases_of_each_kind_take_as_many_queries_as_2():
    supervisor = make_colleague(roles.SUPERVISOR)
    counts = []
    for number in (2, 4):
        for _ in range(number):
            resubmitted(NOW - timedelta(hours=5))
            sent_back(NOW - timedelta(hours=4))
            refunding(NOW - timedelta(hours=1), error="x")
            make_claim(make_holder(), at=NOW)
        cards_for(supervisor)
        with CaptureQueriesContext(connection) as captured:
            found = cards_for(supervisor)
        counts.append(len(captured))
    assert found["claims"].count == 6
    assert counts == [10, 10]


# --- The page


def _forget_figures():
    """As if their minute were over. Not `clear`: it empties the whole Redis, for others as well."""
    cache.delete_many(f"{FIGURES_KEY}.{weeks}" for weeks in WEEKS)


def page(client, user=None, **query):
    if user is not None:
        client.force_login(user)
    answer = client.get(START, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_what_is_overdue_in_words_and_offers_one_primary_action(desk, reviewer):
    accepted(timezone.now() - timedelta(days=20))
    html = page(desk)
    assert "<b>1</b> 件待审核" in html
    assert "1 件已超期" in html
    assert "本应在" in html
    assert html.count('class="btn"') == 1
    assert "领办并审核下一件" in html


def test_the_primary_action_claims_the_oldest_case_and_opens_it(desk, reviewer):
    accepted(timezone.now() - timedelta(hours=1))
    oldest = accepted(timezone.now() - timedelta(days=1))
    html = page(desk)
    address = reverse("admin:cards_cardrequest_next")
    assert f'action="{address}"' in html
    answer = desk.post(address)
    assert answer.url == reverse("admin:cards_cardrequest_change", args=[oldest.reference])
    assert "我领办 1" in page(desk)


def test_the_page_names_nobody(desk):
    card_request = accepted(
        timezone.now() - timedelta(hours=1), holder=make_holder(name="欧阳娜娜")
    )
    html = page(desk)
    for personal in (
        card_request.holder.name,
        card_request.holder.id_number,
        card_request.holder.phone,
    ):
        assert personal not in html


def test_an_auditor_reads_everything_and_finds_no_button_to_act(client):
    accepted(timezone.now() - timedelta(hours=1))
    refunding(timezone.now() - timedelta(hours=1), error="x")
    html = page(client, make_colleague(roles.AUDITOR))
    assert "<b>1</b> 件待审核" in html
    assert "处制卡批次有问题" in html
    assert reverse("admin:payments_payment_changelist") in html
    assert "/next/" not in html
    assert "我领办" not in html
    assert "我最近的审核" not in html


def test_an_administrator_sees_accounts_and_no_figure_of_a_case(client):
    accepted(timezone.now() - timedelta(hours=1))
    html = page(client, make_colleague(roles.ADMINISTRATOR))
    assert reverse("admin:people_user_changelist") in html
    assert "件待审核" not in html
    assert "<svg viewBox" not in html
    assert reverse("admin:cards_cardrequest_changelist") not in html


def test_staff_without_a_role_is_told_so(client):
    html = page(client, make_user(is_staff=True))
    assert "还没有分配角色" in html
    assert "件待审核" not in html


def test_a_table_permission_alone_opens_no_figures(client):
    user = make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_event"))
    assert "件待审核" not in page(client, user)


def test_a_desk_without_any_case_says_something_useful(desk):
    html = page(desk)
    assert "还没有申请" in html
    assert "现在没有等待您审核的申请。" in html
    accepted(timezone.now() - timedelta(hours=1))
    assert "还没有申请" not in page(desk)


@pytest.mark.parametrize(
    ("asked", "weeks"), [("4", 4), ("52", 52), ("", 12), ("5", 12), ("x", 12), ("-1", 12)]
)
def test_the_window_is_one_of_the_offered_or_else_the_usual(desk, asked, weeks):
    answer = desk.get(START, {"weeks": asked})
    assert len(answer.context["figures"].mondays) == weeks
    assert answer.content.decode().count('aria-current="true"') == 1


def test_every_chart_has_a_name_a_description_and_a_table_with_its_numbers(desk):
    steps.collect(
        make_request(RequestStatus.DISPATCHED, at=timezone.now() - timedelta(hours=1)),
        at=timezone.now(),
    )
    html = page(desk, weeks=4)
    assert html.count('role="img"') == html.count("<desc") == 8
    assert html.count("看数据表") == 3
    assert '<tr><th scope="row">提交</th><td>1</td><td>100%</td><td>0</td><td>0</td></tr>' in html


def test_the_charts_are_computed_once_a_minute_and_the_page_says_when(desk):
    page(desk)
    accepted(timezone.now() - timedelta(minutes=5))
    html = page(desk)
    assert "<b>1</b> 件待审核" in html
    assert "这段时间没有提交的申请" in html
    assert "截至" in html
    _forget_figures()
    assert "这段时间没有提交的申请" not in page(desk)


def test_6_cases_cost_the_page_as_many_queries_as_2(desk):
    counts = []
    for number in (2, 4):
        for _ in range(number):
            make_request(RequestStatus.APPROVED, at=timezone.now() - timedelta(hours=2))
            accepted(timezone.now() - timedelta(hours=1))
        page(desk)
        _forget_figures()
        with CaptureQueriesContext(connection) as captured:
            page(desk)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_reviewer_s_own_latest_decisions_lead_back_to_their_cases(desk, reviewer):
    mine, other = accepted(NOW), accepted(NOW)

    for card_request, by in ((mine, reviewer), (other, make_reviewer())):
        approve(card_request=card_request, by=by, at=NOW)
    html = page(desk)
    assert reverse("admin:cards_cardrequest_change", args=[mine.reference]) in html
    assert other.reference not in html


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=30), "0 分钟"),
        (timedelta(minutes=59), "59 分钟"),
        (timedelta(hours=47), "47 小时"),
        (timedelta(days=2), "2 天"),
        (timedelta(days=-1), "0 分钟"),
    ],
)
def test_a_wait_is_told_in_one_unit(passed, words):
    assert waited(NOW - passed, NOW) == words
