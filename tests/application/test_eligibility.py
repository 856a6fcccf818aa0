"""Every answer of 申领资格预校验 with its sentence and its next step."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.application import eligibility
from apps.application.eligibility import NotEligible
from apps.application.enums import Ineligibility
from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of
from apps.people.enums import IdType
from apps.people.models import Holder
from apps.people.policies import may_apply_online
from apps.regions.enums import Service
from apps.regions.models import ServiceOpening
from apps.replacement.models import FormalLoss
from apps.replacement.services import withdraw
from tests.factories.cards import AT, make_card, make_draft, make_request
from tests.factories.formal_losses import make_lost_card, make_replacement_draft
from tests.factories.people import make_holder, make_reviewer, make_user
from tests.factories.regions import make_bank, make_city

pytestmark = pytest.mark.django_db


def check(holder, *, at=AT, **typed):
    values = {"city": make_city(), "bank": make_bank()} | typed
    return eligibility.check(user=holder.user, at=at, **values)


def refusal(holder, **typed):
    with pytest.raises(NotEligible) as caught:
        check(holder, **typed)
    return caught.value


def test_a_person_without_card_or_request_may_apply():
    assert check(make_holder()) is None


CLOSED = [
    {"deceased_date": date(2026, 11, 1)},
    {"left_date": date(2026, 11, 1)},
    {"has_card_elsewhere": True},
    {"id_type": IdType.RESIDENCE_PERMIT, "nationality": "MAC"},
    {"nationality": "FRA"},
]


@pytest.mark.parametrize("entry", [{}, *CLOSED])
def test_whom_the_entry_forbids_a_card_is_told_so_by_one_rule(entry):
    holder = make_holder(**entry)
    assert may_apply_online(holder) == (not entry)
    if entry:
        refusal(holder)


@pytest.mark.parametrize("entry", CLOSED[1:])
def test_a_draft_that_became_useless_says_so_before_it_is_opened(client, entry):
    draft = make_draft()
    client.force_login(draft.applicant)
    lists = (reverse("home:home"), reverse("progress:list"), draft.get_absolute_url())
    for page in lists:
        assert "继续填写" in client.get(page, follow=True).content.decode(), page
    Holder.objects.filter(pk=draft.holder_id).update(**entry)
    for page in lists:
        html = client.get(page, follow=True).content.decode()
        assert "这份草稿现在不能提交" in html, page
        assert "继续填写" not in html, page
        assert "打开草稿看怎么办" in html, page


@pytest.mark.parametrize(
    "entry", [{"left_date": date(2026, 11, 1)}, {"birth_date": date(2009, 12, 31)}]
)
def test_so_does_one_of_a_replacement(client, entry):
    draft = make_replacement_draft(card=make_lost_card())
    client.force_login(draft.applicant)
    assert "继续填写" in client.get(draft.get_absolute_url()).content.decode()
    Holder.objects.filter(pk=draft.holder_id).update(**entry)
    html = client.get(draft.get_absolute_url()).content.decode()
    assert "这份草稿现在不能提交" in html
    assert "打开草稿看怎么办" in html


def test_the_own_draft_is_gone_on_with():
    draft = make_draft()
    assert check(draft.holder) == draft


def test_an_account_that_the_roster_does_not_know_is_an_unknown_person():
    with pytest.raises(NotEligible) as caught:
        eligibility.check(
            user=make_user(),
            city=make_city(),
            bank=make_bank(),
            at=AT,
        )
    assert caught.value.code == Ineligibility.UNKNOWN_PERSON
    assert caught.value.message.startswith("人员不存在")


def test_from_the_sixteenth_birthday_on_a_person_applies_alone():
    birthday = date(2010, 11, 24)
    holder = make_holder(birth_date=birthday)
    answer = refusal(holder)
    assert answer.code == Ineligibility.MINOR
    assert answer.next_step == ("代未成年子女办理", reverse("application:guide_for_child"))
    assert check(holder, at=AT + timedelta(days=1)) is None


def test_another_document_than_the_identity_card_goes_to_the_counter(settings):
    answer = refusal(make_holder(id_type=IdType.HONGKONG_MACAO))
    assert answer.code == Ineligibility.OTHER_DOCUMENT
    assert settings.PORTAL_OPERATOR["contact"] in answer.message


def test_a_deceased_person_is_not_allowed():
    answer = refusal(make_holder(deceased_date=date(2026, 1, 1)))
    assert answer.code == Ineligibility.DECEASED
    assert "不允许办理" in answer.message


def test_a_card_elsewhere_in_the_province_is_not_allowed():
    answer = refusal(make_holder(has_card_elsewhere=True))
    assert answer.code == Ineligibility.CARD_ELSEWHERE
    assert answer.next_step[1] == reverse("regions:areas")


@pytest.mark.parametrize(
    ("status", "code", "url_name"),
    [
        (CardStatus.SEALED, Ineligibility.CARD_SEALED, "activation:guide"),
        (CardStatus.ACTIVE, Ineligibility.CARD_IN_HAND, "replacement:guide"),
        (CardStatus.SUSPENDED, Ineligibility.CARD_SUSPENDED, "loss_report:guide"),
        (CardStatus.LOST, Ineligibility.CARD_LOST, "replacement:guide"),
    ],
)
def test_a_live_card_is_not_allowed_and_leads_to_what_helps(status, code, url_name):
    answer = refusal(make_card(status).holder, at=AT + timedelta(hours=2))
    assert answer.code == code
    assert answer.message.startswith("不允许办理")
    assert answer.next_step[1] == reverse(url_name)


def test_a_suspension_that_has_ended_counts_as_an_active_card():
    card = make_card(CardStatus.SUSPENDED)
    assert refusal(card.holder, at=AT + timedelta(days=30)).code == Ineligibility.CARD_IN_HAND


def test_a_retired_card_does_not_stand_in_the_way():
    assert check(make_card(CardStatus.RETIRED).holder, at=AT + timedelta(hours=2)) is None


@pytest.mark.parametrize(
    "status",
    [
        RequestStatus.SUBMITTED,
        RequestStatus.PAID,
        RequestStatus.ACCEPTED,
        RequestStatus.NEEDS_AMENDMENT,
        RequestStatus.APPROVED,
    ],
)
def test_a_request_in_flight_is_a_duplicate_and_is_linked(status):
    card_request = make_request(status)
    answer = refusal(card_request.holder)
    assert answer.code == Ineligibility.DUPLICATE
    assert answer.next_step == ("查看这件申请", card_request.get_absolute_url())


@pytest.mark.parametrize(
    "status", [RequestStatus.WITHDRAWN, RequestStatus.LAPSED, RequestStatus.REJECTED]
)
def test_after_a_request_that_ended_without_a_card_one_may_apply_again(status):
    assert check(make_request(status).holder) is None


def test_a_city_that_is_not_open_is_refused():
    answer = refusal(make_holder(), city=make_city("370200", "青岛市", services=()))
    assert answer.code == Ineligibility.CITY_NOT_OPEN
    assert "青岛市" in answer.message
    assert answer.next_step[1].startswith(reverse("regions:areas"))


def test_a_bank_that_is_not_open_in_the_city_is_refused():
    answer = refusal(make_holder(), bank=make_bank("95588", "中国工商银行"))
    assert answer.code == Ineligibility.BANK_NOT_IN_CITY
    assert "中国工商银行" in answer.message


def test_a_bank_without_branches_all_over_the_country_is_refused():
    local = make_bank("96588", "青岛银行", has_nationwide_branches=False)
    city = make_city("370300", "淄博市", banks=[local])
    answer = refusal(make_holder(), city=city, bank=local)
    assert answer.code == Ineligibility.BANK_NOT_NATIONWIDE
    assert "全国性服务网点" in answer.message


def every_page(client, draft):
    """The pages that lead to the draft: each says that it is stopped, and two say why."""
    client.force_login(draft.applicant)
    listed = client.get(reverse("progress:list"), follow=True).content.decode()
    assert "这份草稿现在不能提交" in listed
    pages = (reverse("home:home"), draft.get_absolute_url())
    return [client.get(page).content.decode() for page in pages]


def test_a_draft_whose_city_has_closed_says_so_and_what_to_do(client):
    draft = make_draft()
    yesterday = day_of(timezone.now()) - timedelta(days=1)
    ServiceOpening.objects.filter(city=draft.city, service=Service.APPLY).update(
        open_until=yesterday
    )
    for html in every_page(client, draft):
        assert f"{draft.city.name}已停办网上申领" in html
        assert "请换一个地区" in html
        assert "打开草稿看怎么办" in html


def test_a_draft_whose_loss_was_withdrawn_says_so(client):
    at = timezone.now()
    draft = make_replacement_draft(card=make_lost_card())
    loss = FormalLoss.objects.get(card=draft.old_card)
    withdraw(loss=loss, reason="卡找到了", by=make_reviewer(), at=at)
    for html in every_page(client, draft):
        assert "正式挂失已撤销" in html
        assert "先重新办理正式挂失" in html
        assert "打开草稿看怎么办" in html
    form = client.get(reverse("application:form", args=[draft.reference])).content.decode()
    assert "正式挂失已撤销" in form
    assert reverse("replacement:loss", args=[draft.old_card.reference]) in form
    home = client.get(reverse("home:home")).content.decode()
    assert "先停用，可解除" in home  # the card is in use: what can be done with it stands there
    assert "有卡后可办" not in home
