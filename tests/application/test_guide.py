"""办事指南: open to all; the agreement before anything is begun."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus, Stage
from apps.cards.models import CardRequest
from apps.common.templatetags.formats import day as day_words
from apps.people.consents import CARD_KINDS, version
from apps.people.models import Consent
from apps.requests.models import StageDuration
from tests.factories.cards import make_request
from tests.factories.people import make_holder, make_user, make_ward
from tests.factories.regions import make_bank, make_city
from tests.guards import without_guards

pytestmark = pytest.mark.django_db

GUIDE = reverse("application:guide")
TICKED = dict.fromkeys(("service", "privacy", "sensitive", "third_party"), "on")


def test_the_guide_is_open_to_all_and_starting_asks_to_sign_in_and_comes_back(client):
    make_city()
    page = client.get(GUIDE).content.decode()
    assert "年满16周岁" in page
    assert "同城10元、省内12元、省外16元" in page
    assert "支付成功后不能撤销" in page
    assert "12333" in page
    assert f"{reverse('account_login')}?next={GUIDE}" in page


def test_ticking_without_a_session_asks_to_sign_in(client):
    response = client.post(GUIDE, TICKED)
    assert response.url == f"{reverse('account_login')}?next={GUIDE}"
    assert not Consent.objects.exists()


def test_no_box_is_ticked_beforehand(client):
    client.force_login(make_holder().user)
    assert "checked" not in client.get(GUIDE).content.decode()


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("service", "请勾选《服务协议》。"),
        ("privacy", "请勾选《个人信息处理规则》。"),
        ("sensitive", "请勾选《敏感个人信息单独同意书》。"),
        ("third_party", "请勾选《向第三方提供个人信息单独同意书》。"),
    ],
)
def test_every_point_has_to_be_agreed_to_by_itself(client, left_out, sentence):
    client.force_login(make_holder().user)
    ticked = {name: value for name, value in TICKED.items() if name != left_out}
    response = client.post(GUIDE, ticked)
    assert sentence in response.content.decode()
    assert not Consent.objects.exists()


def test_consents_are_stored_with_text_version_time_person_and_address(client):
    holder = make_holder()
    client.force_login(holder.user)
    before = timezone.now()
    response = client.post(GUIDE, TICKED, REMOTE_ADDR="10.1.2.3")
    assert response.url == reverse("application:precheck")
    consents = Consent.objects.filter(user=holder.user, holder=holder)
    assert {c.kind: c.text_version for c in consents} == {k: version(k) for k in CARD_KINDS}
    assert {c.ip for c in consents} == {"10.1.2.3"}
    assert all(before <= c.given_at <= timezone.now() for c in consents)


def test_who_comes_without_a_single_box_is_shown_them_and_not_scolded(client):
    client.force_login(make_holder().user)
    page = client.post(GUIDE).content.decode()
    assert page.count('type="checkbox"') == 4
    assert "请勾选" not in page
    assert "checked" not in page


def test_consents_that_stand_are_not_asked_for_again(client):
    make_city()
    client.force_login(make_holder().user)
    assert 'type="checkbox"' in client.get(GUIDE).content.decode()
    client.post(GUIDE, TICKED)
    assert 'type="checkbox"' not in client.get(GUIDE).content.decode()
    assert client.post(GUIDE).url == reverse("application:precheck")
    with without_guards():
        Consent.objects.update(text_version="2020-01-01")
    assert 'type="checkbox"' in client.get(GUIDE).content.decode()


def test_what_is_proposed_opens_the_draft_at_once(client, settings):
    settings.INSTITUTION_CITY, settings.INSTITUTION_BANK = make_city().pk, make_bank().pk
    holder = make_holder()
    client.force_login(holder.user)
    assert "济南市已开通" in client.get(GUIDE).content.decode()
    response = client.post(GUIDE, TICKED)
    draft = CardRequest.objects.get(holder=holder)
    assert response.url == reverse("application:form", args=[draft.reference])
    assert (draft.city, draft.bank) == (make_city(), make_bank())
    page = client.get(response.url).content.decode()
    assert "按单位所在地" in page
    assert client.post(GUIDE).url == response.url


def test_an_account_that_the_roster_does_not_know_is_told_so(client):
    client.force_login(make_user())
    assert "人员不存在" in client.post(GUIDE, TICKED).content.decode()


def test_the_record_list_shows_what_is_to_be_amended_and_leads_there(client):
    card_request = make_request(
        RequestStatus.NEEDS_AMENDMENT, at=timezone.now() - timedelta(hours=1)
    )
    client.force_login(card_request.holder.user)
    page = client.get(GUIDE).content.decode()
    assert "查询到您有以下申领记录" in page
    assert "本人申领" in page
    assert "需修改信息" in page
    assert "待修改信息" in page
    assert reverse("application:amend", args=[card_request.reference]) in page
    submitted_at = card_request.events.get(action="SUBMIT").at
    assert day_words(submitted_at) in page


def test_a_draft_in_the_record_list_is_continued(client):
    card_request = make_request(RequestStatus.DRAFT)
    client.force_login(card_request.holder.user)
    assert (
        reverse("application:form", args=[card_request.reference])
        in client.get(GUIDE).content.decode()
    )


def test_while_a_request_is_running_the_guide_leads_on_instead_of_beginning_another(client):
    card_request = make_request(RequestStatus.SUBMITTED)
    client.force_login(card_request.holder.user)
    page = client.get(GUIDE).content.decode()
    assert "开始办理" not in page
    assert f'href="{reverse("application:shipping", args=[card_request.reference])}"' in page


def test_a_child_s_request_does_not_keep_the_guardian_from_beginning(client):
    guardian = make_holder()
    make_request(RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user)
    client.force_login(guardian.user)
    assert "开始办理" in client.get(GUIDE).content.decode()


def test_the_record_list_holds_nobody_else_s_requests(client):
    make_request(RequestStatus.ACCEPTED)
    client.force_login(make_holder().user)
    assert "查询到您有以下申领记录" not in client.get(GUIDE).content.decode()


def test_the_page_for_children_says_for_whom_and_how_before_sign_in(client):
    page = client.get(reverse("application:guide_for_child")).content.decode()
    assert "未满16周岁" in page
    assert "《儿童个人信息保护规则》" in page
    assert reverse("account_login") in page


@pytest.mark.parametrize("children", [2, 6])
def test_the_record_list_takes_the_same_number_of_queries(
    client, children, django_assert_max_num_queries
):
    guardian = make_holder()
    for _ in range(children):
        make_request(RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user)
    client.force_login(guardian.user)
    with django_assert_max_num_queries(16):
        client.get(GUIDE)


def test_the_guide_tells_how_long_it_usually_takes_once_that_was_measured(client):
    assert "领卡通常" not in client.get(GUIDE).content.decode()
    for stage in Stage:
        StageDuration.objects.create(
            city=make_city(),
            stage=stage,
            median_days=3,
            p90_days=4,
            sample=20,
            computed_at=timezone.now(),
        )
    assert "从受理到领卡通常 12 个工作日（近180天" in client.get(GUIDE).content.decode()
