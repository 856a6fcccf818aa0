"""The desk of formal losses: the list, the decision page, and who was first."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardAction, CardStatus
from apps.cards.models import Card
from apps.common.visibility import shown
from apps.desk import event_kinds
from apps.loss_report import services as loss_report
from apps.regions.enums import Service
from apps.regions.models import ServiceOpening
from apps.replacement import services as replacement
from apps.replacement.enums import FormalLossStatus
from apps.replacement.models import FormalLoss
from apps.verification.enums import Purpose
from tests.book import looks
from tests.factories.cards import make_card, submit
from tests.factories.checks import pass_check
from tests.factories.formal_losses import (
    declare,
    make_formal_loss,
    make_lost_card,
    make_replacement_draft,
)
from tests.factories.loss_reports import report
from tests.factories.people import make_holder, make_reviewer, make_user, make_ward
from tests.review.steps import REASON, claimed

pytestmark = pytest.mark.django_db

LIST = reverse("admin:replacement_formalloss_changelist")


def url(name, loss):
    return reverse(f"admin:replacement_formalloss_{name}", args=[loss.reference])


def seen(page, name):
    """The hidden field of a form on the page, as the browser would post it."""
    value = re.search(rf'name="{name}-seen_since" value="([^"]+)"', page.content.decode())
    return {f"{name}-seen_since": value.group(1)}


def state(loss):
    return FormalLoss.objects.get(pk=loss.pk).status


def test_the_list_opens_on_what_waits_and_shows_no_full_name(desk):
    loss = make_formal_loss()
    confirmed = make_lost_card().formal_losses.get()
    page = desk.get(LIST).content.decode()
    assert url("change", loss) in page
    assert url("change", confirmed) not in page
    assert "*超" in page
    assert "张超" not in page
    assert url("change", confirmed) in desk.get(LIST, {"state": "CONFIRMED"}).content.decode()


def test_list_and_page_say_where_the_person_is_found_and_the_phone_after_a_logged_look(desk):
    loss = make_formal_loss()
    who = loss.declared_by
    found = f"信息学院 · 工号 {who.employee_number}"
    assert found in desk.get(LIST).content.decode()
    page = desk.get(url("change", loss)).content.decode()
    assert found in page
    assert who.holder.phone not in page
    assert shown(who.holder.phone, "case.phone") in page
    assert "请写明查看完整信息的原因" in desk.post(url("disclose", loss), {}).content.decode()
    assert not looks().exists()
    assert who.holder.phone in desk.post(url("disclose", loss), REASON).content.decode()
    look = looks().get()
    assert (look.kind, look.reference) == (event_kinds.FORMAL_LOSS, loss.reference)
    assert (look.facts["what"], look.reason) == ("登记人的手机号", REASON["disclosure-reason"])
    after = desk.get(url("change", loss)).content.decode()
    assert who.holder.phone not in after
    assert "查看记录（1）" in after


@pytest.mark.parametrize("count", [2, 6])
def test_the_list_asks_as_much_for_many_as_for_few(desk, django_assert_max_num_queries, count):
    for _ in range(count):
        make_formal_loss()
    with django_assert_max_num_queries(9):
        page = desk.get(LIST).content.decode()
    assert page.count("/change/") >= count


def test_the_first_page_of_the_admin_counts_what_waits(desk):
    make_formal_loss()
    assert "<b>1</b> 件正式挂失待确认" in desk.get(reverse("admin:index")).content.decode()


def test_confirming_stops_the_card_and_leads_back(desk):
    loss = make_formal_loss()
    page = claimed(desk, loss)
    response = desk.post(url("confirm", loss), seen(page, "confirm"), follow=True)
    assert "这张卡已停用" in response.content.decode()
    assert Card.objects.get(pk=loss.card_id).status == CardStatus.LOST


def test_it_is_said_where_the_new_card_is_applied_for(desk):
    guardian = make_holder()
    card = make_card(holder=make_ward(guardian), by=guardian.user)
    html = claimed(desk, make_formal_loss(card=card, by=guardian.user)).content.decode()
    assert "这张卡马上停用" in html
    assert "不能在网上补换社保卡" in html
    assert "就可以申请补换" not in html
    loss = make_formal_loss()
    assert "就可以申请补换" in claimed(desk, loss).content.decode()
    ServiceOpening.objects.filter(service=Service.REPLACE).delete()
    html = desk.get(url("change", loss)).content.decode()
    assert "没有开通网上补换" in html
    assert "就可以申请补换" not in html


def test_a_refusal_needs_a_reason(desk):
    loss = make_formal_loss()
    page = claimed(desk, loss)
    answer = desk.post(url("refuse", loss), {"refuse-reason": " "} | seen(page, "refuse"))
    assert "请写明为什么不确认" in answer.content.decode()
    assert state(loss) == FormalLossStatus.WAITING
    desk.post(url("refuse", loss), {"refuse-reason": "不属实"} | seen(answer, "refuse"))
    assert state(loss) == FormalLossStatus.REFUSED


def test_a_withdrawal_makes_the_card_usable_again(desk):
    loss = make_lost_card().formal_losses.get()
    data = {"withdraw-reason": "出示了卡"} | seen(claimed(desk, loss), "withdraw")
    desk.post(url("withdraw", loss), data)
    assert Card.objects.get(pk=loss.card_id).status == CardStatus.ACTIVE


def test_a_requested_replacement_takes_the_button_away(desk):
    draft = make_replacement_draft()
    submit(draft, at=timezone.now())
    loss = draft.old_card.formal_losses.get()
    moment = draft.old_card.status_since.isoformat()
    page = desk.get(url("change", loss)).content.decode()
    assert "正式挂失不能再撤销" in page
    assert "withdraw-title" not in page
    data = {"withdraw-reason": "x", "withdraw-seen_since": moment}
    assert "正式挂失不能再撤销" in desk.post(url("withdraw", loss), data).content.decode()
    assert state(loss) == FormalLossStatus.CONFIRMED


def test_the_second_reviewer_is_told_who_was_first(desk):
    loss = make_formal_loss()
    page = claimed(desk, loss)
    first = make_holder(name="王芳", user=make_reviewer()).user
    at = timezone.now()
    replacement.confirm(loss=FormalLoss.objects.get(pk=loss.pk), by=first, at=at)
    data = {"refuse-reason": "不属实"} | seen(page, "refuse")
    answer = desk.post(url("refuse", loss), data).content.decode()
    assert "王芳已于" in answer
    assert "现在是「已确认」" in answer
    assert state(loss) == FormalLossStatus.CONFIRMED


def test_a_card_that_was_found_since_is_not_stopped_blindly(desk):
    at = timezone.now() - timedelta(hours=1)
    card = make_card(at=at - timedelta(days=2))
    report(card, at=at)
    loss = declare(card, at=at)
    page = claimed(desk, loss)
    card = Card.objects.get(pk=card.pk)
    user = card.holder.user
    pass_check(holder=card.holder, by=user, purpose=Purpose.LOSS_REPORT, at=at)
    loss_report.lift(card=card, by=user, at=at + timedelta(minutes=5))
    answer = desk.post(url("confirm", loss), seen(page, "confirm"))
    assert "有了变化：「解除挂失」" in answer.content.decode()
    assert "登记以后" in answer.content.decode()
    assert state(loss) == FormalLossStatus.WAITING
    desk.post(url("confirm", loss), seen(answer, "confirm"))
    assert state(loss) == FormalLossStatus.CONFIRMED


@pytest.mark.parametrize("moment", ["", "gestern", "2026-11-23"])
def test_a_decision_without_the_moment_of_its_page_is_refused(desk, moment):
    loss = make_formal_loss()
    answer = desk.post(url("confirm", loss), {"confirm-seen_since": moment}).content.decode()
    assert "页面已过期，请重新打开这件正式挂失再作决定。" in answer
    assert state(loss) == FormalLossStatus.WAITING


def test_nobody_decides_on_their_own_loss(desk, reviewer):
    own = make_formal_loss(card=make_card(holder=make_holder(user=reviewer)))
    page = desk.get(url("change", own)).content.decode()
    assert "不能由您审核" in page
    assert "confirm-title" not in page
    moment = own.card.status_since.isoformat()
    desk.post(url("confirm", own), {"confirm-seen_since": moment})
    assert state(own) == FormalLossStatus.WAITING
    assert not own.card.events.filter(action=CardAction.CONFIRM_LOSS).exists()


@pytest.mark.parametrize("name", ["change", "confirm", "refuse", "withdraw"])
def test_staff_without_the_permission_sees_and_decides_nothing(client, name):
    loss = make_formal_loss()
    client.force_login(make_user(is_staff=True))
    method = client.get if name == "change" else client.post
    assert method(url(name, loss)).status_code == 403
    assert state(loss) == FormalLossStatus.WAITING
