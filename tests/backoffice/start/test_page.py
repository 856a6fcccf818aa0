"""The desk's first page: what it says, to whom, and what nobody else may see."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.backoffice.start.forms import WEEKS
from apps.backoffice.start.views import FIGURES_KEY
from apps.cards.enums import RequestStatus
from apps.common import kept_here
from apps.desk import roles
from apps.desk.templatetags.desk import waited
from apps.reporting import kept
from apps.reporting.counting import count_events
from apps.requests.services import approve
from tests.backoffice.start.steps import NOW, START, accepted, refunding
from tests.factories import cards as steps
from tests.factories.cards import make_request
from tests.factories.people import (
    grant,
    make_colleague,
    make_holder,
    make_reviewer,
    make_user,
)

pytestmark = pytest.mark.django_db


def _forget_figures():
    """Delete the kept figures."""
    kept_here.forget_all()
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


@pytest.mark.parametrize(
    ("role", "leads_to"),
    [
        (roles.OPERATOR, "admin:operations_alarm_changelist"),
        (roles.HANDER, "admin:handout_boxcard_changelist"),
        (roles.FINANCE, "admin:bills_dailybill_changelist"),
    ],
)
def test_a_role_without_cases_begins_with_its_own_work(client, role, leads_to):
    html = page(client, make_colleague(role))
    assert f'href="{reverse(leads_to)}"' in html
    assert "还没有分配角色" not in html
    assert "件待审核" not in html


def test_every_role_is_told_what_there_is_to_do(client):
    for role in roles.ROLES:
        assert "还没有分配角色" not in page(client, make_colleague(role)), role


def test_staff_without_a_role_is_told_so(client):
    html = page(client, make_user(is_staff=True))
    assert "还没有分配角色" in html
    assert "件待审核" not in html


def test_a_table_permission_alone_opens_no_figures(client):
    user = make_user(is_staff=True)
    grant(user, "view_event")
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
    html = page(desk, weeks=asked)
    assert f'href="?weeks={weeks}" aria-current="true"' in html
    assert html.count('aria-current="true"') == 1
    weekly = html[html.index("每周办理量的数据表") :]
    assert weekly[: weekly.index("</table>")].count('<th scope="row">') == weeks


def test_what_is_kept_is_read_by_a_program_without_our_classes(desk):
    """While an upgrade rolls, the earlier program reads what the later one has kept."""
    accepted(timezone.now() - timedelta(hours=1))
    page(desk)
    found = cache.get_many(f"{FIGURES_KEY}.{weeks}" for weeks in WEEKS)
    assert found
    for shown in found.values():
        assert {type(value) for value in shown.values()} <= {bool, str, SafeString}


def test_figures_that_leave_something_out_say_so(desk, monkeypatch):
    accepted(timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(kept, "MOST_BESIDE", 2)
    html = page(desk)
    assert "条记录还没有计入下面的统计" in html
    assert "<b>1</b> 件待审核" in html
    count_events()
    _forget_figures()
    assert "还没有计入" not in page(desk)


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
        count_events()
        page(desk)
        _forget_figures()
        with CaptureQueriesContext(connection) as anew:
            page(desk)
        with CaptureQueriesContext(connection) as kept:
            page(desk)
        counts.append((len(anew), len(kept)))
    assert counts == [(23, 5), (23, 5)]


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


def test_the_page_of_one_app_lists_its_rows_and_says_nothing_of_roles(desk, reviewer):
    """The list of all tables leads there."""
    labels = [app["app_label"] for app in desk.get(START).context["app_list"]]
    assert {"bulk", "exports", "phrasebook", "replacement"} <= set(labels)
    for label in labels:
        html = desk.get(reverse("admin:app_list", args=[label])).content.decode()
        assert "还没有分配角色" not in html
        assert f'href="/admin/{label}/' in html


def test_a_page_for_another_role_says_so_in_the_words_of_the_desk(desk, reviewer):
    answer = desk.get(reverse("admin:roster_rosterupload_changelist"))
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "您的角色不包括这一页" in html
    assert "替孩子办理" not in html
    assert f'href="{START}">回到工作台' in html
