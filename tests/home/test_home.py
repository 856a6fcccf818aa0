"""The first page, before and after sign-in."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of
from apps.requests.promises import decision_date
from apps.waiting.status_words import REVIEWED
from tests.dates import in_words
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.formal_losses import make_formal_loss, make_lost_card, make_replacement_draft
from tests.factories.people import make_holder, make_registration, make_reviewer, make_ward

pytestmark = pytest.mark.django_db

GUIDES = [
    "application:guide",
    "activation:guide",
    "replacement:guide",
    "loss_report:guide",
    "regions:areas",
]


def sign_in(holder):
    client = Client()
    client.force_login(holder.user)
    return client


def page(client, **query):
    response = client.get(reverse("home:home"), query)
    assert response.status_code == 200
    return response.content.decode()


def section(html, heading):
    """What stands under `heading`, up to the next section."""
    return html.split(heading, 1)[1].split("</section>", 1)[0]


def wallet(html):
    """The card of the person who is shown, and what stands under it."""
    return section(html, 'class="wallet"')


def face(html):
    """The card alone."""
    return wallet(html).split('class="pocket"')[0]


def test_a_visitor_sees_the_five_matters_and_is_asked_to_sign_in(client):
    html = page(client)
    for name in [*GUIDES, "progress:list"]:
        assert f'href="{reverse(name)}"' in html
    assert reverse("account_login") in html
    assert 'class="wallet"' not in html


@pytest.mark.parametrize("name", GUIDES)
def test_guides_are_readable_before_sign_in(client, name):
    assert client.get(reverse(name)).status_code == 200


def test_somebody_without_a_card_is_shown_the_way_to_one():
    html = page(sign_in(make_holder()))
    assert "您还没有社保卡" in face(html)
    assert "您可以申领社保卡" in wallet(html)
    assert "等您办" not in html


def test_somebody_whose_card_is_elsewhere_is_not_sent_to_apply():
    html = page(sign_in(make_holder(has_card_elsewhere=True)))
    assert "您在本省已有社会保障卡" in html
    assert "去申领" not in html
    assert "现在不能办" in html


def test_the_card_is_shown_masked():
    holder = make_holder(name="欧阳小超")
    card = make_card(holder=holder)
    html = page(sign_in(holder))
    assert f"*****{card.card_number[-4:]}" in face(html)
    assert card.card_number not in html
    assert "***超" in face(html)
    assert "正常" in face(html)


def test_a_suspension_that_is_over_is_over_before_any_worker_ran():
    holder = make_holder()
    make_card(CardStatus.SUSPENDED, holder=holder, at=timezone.now() - timedelta(days=8))
    html = page(sign_in(holder))
    assert "正常" in face(html)
    assert "临时挂失" not in face(html)


def test_a_lasting_suspension_shows_its_end():
    holder = make_holder()
    make_card(CardStatus.SUSPENDED, holder=holder, at=timezone.now() - timedelta(days=1))
    html = page(sign_in(holder))
    assert "临时挂失" in face(html)
    assert "自动恢复" in wallet(html)


@pytest.mark.parametrize(
    ("status", "where", "go"),
    [
        (RequestStatus.DRAFT, "application:form", "继续填写"),
        (RequestStatus.SUBMITTED, "application:shipping", "去补充收件信息"),
        (RequestStatus.NEEDS_AMENDMENT, "application:amend", "改手机号"),
        (RequestStatus.DISPATCHED, "progress:detail", "看制卡进度"),
        (RequestStatus.DISPATCHED, "progress:collect", "确认领卡"),
    ],
)
def test_what_waits_for_the_user_leads_straight_there(status, where, go):
    holder = make_holder()
    card_request = make_request(status, holder=holder, at=timezone.now() - timedelta(days=1))
    html = page(sign_in(holder))
    mine = wallet(html)
    assert re.search(f'(href|action)="{reverse(where, args=[card_request.reference])}"', mine)
    assert go in mine
    assert "等您办" not in html
    assert "正在办理</h2>" not in html


def test_a_sealed_card_in_the_hand_waits_to_be_activated():
    holder = make_holder()
    card = make_card(CardStatus.SEALED, holder=holder)
    mine = wallet(page(sign_in(holder)))
    assert "还没有启用" in mine
    assert f'href="{reverse("activation:start", args=[card.reference])}"' in mine


def test_a_lost_card_waits_to_be_replaced_until_a_replacement_is_under_way():
    holder = make_holder()
    card = make_card(CardStatus.LOST, holder=holder)
    mine = wallet(page(sign_in(holder)))
    assert "可以申请补换" in mine
    assert f'href="{reverse("replacement:start", args=[card.reference])}"' in mine


def test_a_running_suspension_is_under_way_and_one_that_is_over_is_not():
    holder, other = make_holder(), make_holder()
    card = make_card(CardStatus.SUSPENDED, holder=holder, at=timezone.now() - timedelta(days=1))
    make_card(CardStatus.SUSPENDED, holder=other, at=timezone.now() - timedelta(days=8))
    shown = wallet(page(sign_in(holder)))
    assert f'href="{reverse("loss_report:lift", args=[card.reference])}"' in shown
    assert "解除挂失" in shown
    assert "解除挂失" not in page(sign_in(other))


def test_what_waits_for_others_says_who_has_to_act():
    holder = make_holder()
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder, at=timezone.now())
    html = page(sign_in(holder))
    assert "等您办" not in html
    shown = wallet(html)
    assert "现在由人事处审核" in shown
    assert "不用您做什么" in shown
    assert f'href="{reverse("progress:detail", args=[card_request.reference])}"' in shown


def test_what_is_late_is_marked():
    holder = make_holder()
    make_request(RequestStatus.ACCEPTED, holder=holder, at=timezone.now() - timedelta(days=30))
    assert "已超过" in wallet(page(sign_in(holder)))


def test_a_guardian_switches_to_the_child():
    guardian = make_holder()
    make_card(holder=guardian)
    child = make_ward(guardian, birth_date=day_of(timezone.now()) - timedelta(days=3000))
    client = sign_in(guardian)
    assert f"?person={child.reference}" in page(client)
    html = page(client, person=child.reference)
    assert "*乐 还没有社保卡" in face(html)
    assert reverse("application:child_agreement", args=[child.reference]) in html


def test_a_stranger_s_reference_shows_one_s_own_card():
    stranger, holder = make_holder(name="王力"), make_holder(name="张超")
    make_card(holder=stranger)
    html = page(sign_in(holder), person=stranger.reference)
    assert "*力" not in html
    assert "您还没有社保卡" in html


def test_an_account_without_a_holder_is_told_so():
    client = Client()
    client.force_login(make_reviewer())
    html = page(client)
    assert "名册里没有您的信息" in html
    assert reverse("admin:index") in html


def test_a_declared_loss_waits_for_the_reviewer_by_a_day():
    loss = make_formal_loss(at=timezone.now())
    html = page(sign_in(loss.card.holder))
    assert "等您办" not in html
    waiting = in_words(wallet(html))
    assert "正式挂失已登记，等审核老师确认" in waiting
    assert REVIEWED.ahead.format(day=REVIEWED.of(decision_date(loss.declared_at))) in waiting
    assert reverse("replacement:loss", args=[loss.card.reference]) in waiting
    late = make_formal_loss(at=timezone.now() - timedelta(days=30))
    assert "已超过" in wallet(page(sign_in(late.card.holder)))


def test_a_registered_child_waits_for_hr_by_a_day_under_the_name_that_was_typed():
    guardian = make_holder()
    make_registration(guardian, name="王小乐", at=timezone.now())
    waiting = section(page(sign_in(guardian)), "正在办理</h2>")
    assert "子女登记等人事处确认" in waiting
    assert "预计" in waiting
    assert "*乐" in waiting


def test_somebody_with_a_card_costs_five_queries(django_assert_num_queries):
    """Session, account, children, requests with what their city offers, loss reports."""
    holder = make_holder()
    make_card(holder=holder)
    client = sign_in(holder)
    with django_assert_num_queries(5):
        page(client)


@pytest.mark.parametrize("number", [2, 6])
def test_what_stops_any_draft_is_asked_in_one_query(django_assert_num_queries, number):
    guardian = make_holder()
    make_replacement_draft(card=make_lost_card(holder=guardian))
    for _ in range(number):
        child = make_ward(guardian, birth_date=day_of(timezone.now()) - timedelta(days=3000))
        make_draft(holder=child, by=guardian.user)
    client = sign_in(guardian)
    page(client)
    with django_assert_num_queries(8):
        assert page(client).count("继续填写") > number


@pytest.mark.parametrize("number", [2, 6])
def test_the_number_of_queries_does_not_grow_with_what_is_under_way(
    django_assert_num_queries, number
):
    guardian = make_holder()
    for _ in range(number):
        child = make_ward(guardian, birth_date=day_of(timezone.now()) - timedelta(days=3000))
        make_request(
            RequestStatus.NEEDS_AMENDMENT, holder=child, by=guardian.user, at=timezone.now()
        )
    client = sign_in(guardian)
    with django_assert_num_queries(5):
        page(client)
