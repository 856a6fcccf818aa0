"""The first page, before and after sign-in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of
from apps.requests.promises import decision_date
from apps.requests.standing import REVIEWED
from tests.factories.cards import make_card, make_request
from tests.factories.formal_losses import make_formal_loss
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


def test_a_visitor_sees_the_five_matters_and_is_asked_to_sign_in(client):
    html = page(client)
    for name in [*GUIDES, "progress:list"]:
        assert f'href="{reverse(name)}"' in html
    assert reverse("account_login") in html
    assert "待我办理" not in html


@pytest.mark.parametrize("name", GUIDES)
def test_guides_are_readable_before_sign_in(client, name):
    assert client.get(reverse(name)).status_code == 200


def test_somebody_without_a_card_is_shown_the_way_to_one():
    html = page(sign_in(make_holder()))
    assert "您还没有社会保障卡" in html
    assert "没有等着您办的事" in html


def test_somebody_whose_card_is_elsewhere_is_not_sent_to_apply():
    html = page(sign_in(make_holder(has_card_elsewhere=True)))
    assert "您在本省已有社会保障卡" in html
    assert "去申领" not in html


def test_the_card_is_shown_masked():
    holder = make_holder(name="欧阳小超")
    card = make_card(holder=holder)
    face = section(page(sign_in(holder)), 'class="face"')
    assert f"*****{card.card_number[-4:]}" in face
    assert card.card_number not in face
    assert "***超" in face
    assert "正常" in face


def test_a_suspension_that_is_over_is_over_before_any_worker_ran():
    holder = make_holder()
    make_card(CardStatus.SUSPENDED, holder=holder, at=timezone.now() - timedelta(days=8))
    face = section(page(sign_in(holder)), 'class="face"')
    assert "正常" in face
    assert "临时挂失" not in face


def test_a_lasting_suspension_shows_its_end():
    holder = make_holder()
    make_card(CardStatus.SUSPENDED, holder=holder, at=timezone.now() - timedelta(days=1))
    face = section(page(sign_in(holder)), 'class="face"')
    assert "临时挂失" in face
    assert "自动恢复" in face


@pytest.mark.parametrize(
    ("status", "where", "go"),
    [
        (RequestStatus.DRAFT, "application:form", "继续填写"),
        (RequestStatus.SUBMITTED, "application:shipping", "去补充收件信息"),
        (RequestStatus.NEEDS_AMENDMENT, "application:amend", "修改信息"),
        (RequestStatus.DISPATCHED, "progress:detail", "确认领卡"),
    ],
)
def test_what_waits_for_the_user_leads_straight_there(status, where, go):
    holder = make_holder()
    card_request = make_request(status, holder=holder, at=timezone.now() - timedelta(days=1))
    html = page(sign_in(holder))
    mine = section(html, "待我办理")
    assert f'href="{reverse(where, args=[card_request.reference])}"' in mine
    assert go in mine
    assert "正在办理</h2>" not in html


def test_a_sealed_card_in_the_hand_waits_to_be_activated():
    holder = make_holder()
    card = make_card(CardStatus.SEALED, holder=holder)
    mine = section(page(sign_in(holder)), "待我办理")
    assert "还没有启用" in mine
    assert f'href="{reverse("activation:start", args=[card.reference])}"' in mine


def test_a_lost_card_waits_to_be_replaced_until_a_replacement_is_under_way():
    holder = make_holder()
    card = make_card(CardStatus.LOST, holder=holder)
    mine = section(page(sign_in(holder)), "待我办理")
    assert "可以申请补换" in mine
    assert f'href="{reverse("replacement:start", args=[card.reference])}"' in mine


def test_a_running_suspension_is_under_way_and_one_that_is_over_is_not():
    holder, other = make_holder(), make_holder()
    card = make_card(CardStatus.SUSPENDED, holder=holder, at=timezone.now() - timedelta(days=1))
    make_card(CardStatus.SUSPENDED, holder=other, at=timezone.now() - timedelta(days=8))
    others = section(page(sign_in(holder)), "正在办理</h2>")
    assert f'href="{reverse("loss_report:detail", args=[card.reference])}"' in others
    assert "正在办理</h2>" not in page(sign_in(other))


def test_what_waits_for_others_says_who_has_to_act():
    holder = make_holder()
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder, at=timezone.now())
    html = page(sign_in(holder))
    assert "没有等着您办的事" in section(html, "待我办理")
    others = section(html, "正在办理</h2>")
    assert "现在由人事处审核" in others
    assert f'href="{reverse("progress:detail", args=[card_request.reference])}"' in others


def test_what_is_late_is_marked():
    holder = make_holder()
    make_request(RequestStatus.ACCEPTED, holder=holder, at=timezone.now() - timedelta(days=30))
    assert "已超过" in section(page(sign_in(holder)), "正在办理</h2>")


def test_a_guardian_switches_to_the_child():
    guardian = make_holder()
    make_card(holder=guardian)
    child = make_ward(guardian, birth_date=day_of(timezone.now()) - timedelta(days=3000))
    client = sign_in(guardian)
    assert f"?person={child.reference}" in page(client)
    html = page(client, person=child.reference)
    assert "*乐还没有社会保障卡" in html
    assert reverse("application:child_agreement", args=[child.reference]) in html


def test_a_stranger_s_reference_shows_one_s_own_card():
    stranger, holder = make_holder(name="王力"), make_holder(name="张超")
    make_card(holder=stranger)
    html = page(sign_in(holder), person=stranger.reference)
    assert "*力" not in html
    assert "您还没有社会保障卡" in html


def test_an_account_without_a_holder_is_told_so():
    client = Client()
    client.force_login(make_reviewer())
    html = page(client)
    assert "没有对应的教职工信息" in html
    assert reverse("admin:index") in html


def test_a_declared_loss_waits_for_the_reviewer_by_a_day():
    loss = make_formal_loss(at=timezone.now())
    html = page(sign_in(loss.card.holder))
    assert "没有等着您办的事" in html
    waiting = section(html, "正在办理</h2>")
    assert "正式挂失已登记，等审核老师确认" in waiting
    assert REVIEWED.ahead.format(day=REVIEWED.of(decision_date(loss.declared_at))) in waiting
    assert reverse("replacement:loss", args=[loss.card.reference]) in waiting
    late = make_formal_loss(at=timezone.now() - timedelta(days=30))
    assert "已超过" in section(page(sign_in(late.card.holder)), "正在办理</h2>")


def test_a_registered_child_waits_for_hr_by_a_day_under_the_name_that_was_typed():
    guardian = make_holder()
    make_registration(guardian, name="王小乐", at=timezone.now())
    waiting = section(page(sign_in(guardian)), "正在办理</h2>")
    assert "子女登记等人事处确认" in waiting
    assert "预计" in waiting
    assert "*乐" in waiting


def test_the_number_of_queries_does_not_grow_with_what_is_under_way(
    django_assert_max_num_queries,
):
    guardian = make_holder()
    for _ in range(6):
        child = make_ward(guardian, birth_date=day_of(timezone.now()) - timedelta(days=3000))
        make_request(
            RequestStatus.NEEDS_AMENDMENT, holder=child, by=guardian.user, at=timezone.now()
        )
    client = sign_in(guardian)
    with django_assert_max_num_queries(11):
        page(client)


class TestTextSize:
    url = "/text-size/"

    def test_large_type_stays_on_every_page(self, client):
        response = client.post(self.url, {"text_size": "large", "next": "/loss/"})
        assert response["Location"] == "/loss/"
        assert '<html lang="zh-CN" class="large">' in client.get("/loss/").content.decode()

    def test_it_can_be_undone(self, client):
        client.post(self.url, {"text_size": "large"})
        client.post(self.url, {"text_size": "normal"})
        assert '<html lang="zh-CN">' in page(client)

    def test_it_never_leads_to_another_site(self, client):
        response = client.post(self.url, {"text_size": "large", "next": "//example.org/"})
        assert response["Location"] == reverse("home:home")

    def test_a_link_cannot_change_it(self, client):
        assert client.get(self.url).status_code == 405
