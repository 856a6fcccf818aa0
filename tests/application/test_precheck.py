"""申领资格预校验 as a page: with and without htmx, refused and passed."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.application import eligibility, services
from apps.application.forms import PrecheckForm
from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.people.models import Consent
from apps.regions.models import CityBank, ServiceOpening
from apps.verification.enums import Purpose
from apps.verification.models import Check
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.people import make_holder, make_id_number
from tests.factories.regions import make_bank, make_city
from tests.shown import send

pytestmark = pytest.mark.django_db

PRECHECK = reverse("application:precheck")


@pytest.fixture
def holder(client):
    """A person who is signed in and agreed to everything."""
    return sign_in(client, make_holder())


def sign_in(client, holder):
    services.agree(ip="10.0.0.1", by=holder.user, at=timezone.now())
    client.force_login(holder.user)
    return holder


def typed(holder, **changes):
    return {
        "name": holder.name,
        "id_number": holder.id_number,
        "city": make_city().pk,
        "bank": make_bank().pk,
    } | changes


def test_the_precheck_comes_after_the_agreement(client):
    client.force_login(make_holder().user)
    assert client.get(PRECHECK).url == reverse("application:guide")


def test_an_agreement_to_an_older_text_has_to_be_given_again(client, holder):
    Consent.objects.update(text_version="2020-01-01")
    assert client.get(PRECHECK).url == reverse("application:guide")


def test_passing_opens_a_draft_and_begins_the_identity_check(client, holder):
    response = client.post(PRECHECK, typed(holder))
    draft = CardRequest.objects.get(holder=holder)
    check = Check.objects.get()
    assert response.url == reverse("verification:start", args=[check.reference])
    assert (draft.status, draft.city, draft.bank) == ("DRAFT", make_city(), make_bank())
    assert (check.card_request, check.purpose, check.holder) == (draft, Purpose.APPLY, holder)
    assert check.next_url == reverse("application:form", args=[draft.reference])


def test_a_number_may_be_typed_full_width_with_spaces_and_a_small_x(client, holder):
    number = holder.id_number.lower()
    spaced = f" {number[:6]} {number[6:14]} {number[14:]}"
    full_width = spaced.translate({ord("0") + n: ord("０") + n for n in range(10)})
    client.post(PRECHECK, typed(holder, id_number=full_width))
    assert CardRequest.objects.filter(holder=holder).exists()


def test_an_own_draft_is_continued_with_another_city_and_bank(client):
    draft = make_draft()
    holder = sign_in(client, draft.holder)
    other = make_city("370300", "淄博市", banks=[make_bank("95588", "中国工商银行")])
    send(client, PRECHECK, typed(holder, city=other.pk, bank="95588"))
    assert CardRequest.objects.get(holder=holder).city == other
    assert CardRequest.objects.get(holder=holder).bank_id == "95588"


def test_a_double_click_opens_one_draft_and_both_go_on_with_it(client, holder, monkeypatch):
    client.post(PRECHECK, typed(holder))
    # The second request looked before the first one had opened the draft.
    monkeypatch.setattr(eligibility, "check", lambda **typed: None)
    response = client.post(PRECHECK, typed(holder))
    checks = Check.objects.order_by("pk")
    assert {check.card_request for check in checks} == {CardRequest.objects.get(holder=holder)}
    assert response.url == reverse("verification:start", args=[checks.last().reference])


def test_city_and_bank_of_a_draft_are_filled_in(client):
    draft = make_draft()
    sign_in(client, draft.holder)
    form = client.get(PRECHECK).context["form"]
    assert form["city"].value() == draft.city_id
    assert form["bank"].value() == draft.bank_id


def test_a_refusal_shows_its_sentence_and_its_next_step(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    holder = sign_in(client, card_request.holder)
    page = client.post(PRECHECK, typed(holder)).content.decode()
    assert "重复申请" in page
    assert f'href="{card_request.get_absolute_url()}"' in page
    assert not Check.objects.exists()


def test_a_refusal_without_a_next_step_names_whom_to_ask(client, holder):
    page = client.post(PRECHECK, typed(holder, name="张起")).content.decode()
    assert "人员无法核实" in page
    assert "社保窗口" in page


def test_a_page_about_somebody_else_s_number_is_the_same_whatever_is_behind_it(client, holder):
    def page(number):
        content = client.post(PRECHECK, typed(holder, id_number=number)).content.decode()
        return content[content.index("<main") :].replace(number, "…")

    nobody, somebody = make_id_number(), make_card(CardStatus.ACTIVE).holder.id_number
    strip = {"csrfmiddlewaretoken", 'name="shown"'}
    assert "只能为本人申领" in page(nobody)
    lines = [
        [line for line in page(number).splitlines() if not any(word in line for word in strip)]
        for number in (nobody, somebody)
    ]
    assert lines[0] == lines[1]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "请填写社会保障号码，就是18位身份证号码。"),
        ("370102850615123", "这是 15 位的旧号码"),
        ("37010219850615123", "您填了 17 位"),
    ],
)
def test_a_wrong_number_is_told_beside_the_field(client, holder, number, sentence):
    page = client.post(PRECHECK, typed(holder, id_number=number)).content.decode()
    assert sentence in page
    assert not CardRequest.objects.exists()


def test_the_banks_follow_the_city_by_htmx(client, holder):
    city = make_city("370300", "淄博市", banks=[make_bank("95588", "中国工商银行")])
    make_bank()
    page = client.get(PRECHECK).content.decode()
    assert f'hx-get="{reverse("application:banks")}"' in page
    assert 'hx-target="#bank"' in page
    assert '<div id="bank">' in page
    fragment = client.get(
        reverse("application:banks"), {"city": city.pk}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "中国工商银行" in fragment
    assert "中国建设银行" not in fragment
    assert "<html" not in fragment


def test_the_banks_follow_the_city_without_javascript_and_nothing_typed_is_lost(client, holder):
    city = make_city("370300", "淄博市", banks=[make_bank("95588", "中国工商银行")])
    answers = {"name": "张", "id_number": "37", "city": city.pk, PrecheckForm.NARROW: "1"}
    response = client.post(PRECHECK, answers)
    page = response.content.decode()
    assert "中国工商银行" in page
    assert 'value="张"' in page
    assert not response.context["form"].errors


def test_what_is_closed_today_is_not_offered(client, holder):
    make_city()
    closed = make_city("370200", "青岛市")
    ServiceOpening.objects.filter(city=closed).update(open_until=date(2025, 1, 1))
    CityBank.objects.filter(city="370100").update(open_until=date(2025, 1, 1))
    page = client.get(PRECHECK, {"city": "370100"}).content.decode()
    assert "济南市" in page
    assert "青岛市" not in page
    assert "中国建设银行" not in page


def test_a_bank_without_branches_all_over_the_country_is_marked(client, holder):
    local = make_bank("96588", "青岛银行", has_nationwide_branches=False)
    city = make_city("370200", "青岛市", banks=[local])
    page = client.get(reverse("application:banks"), {"city": city.pk}).content.decode()
    assert "青岛银行（不支持网上申领）" in page


def test_a_link_from_the_open_areas_chooses_the_city(client, holder):
    city = make_city()
    form = client.get(PRECHECK, {"city": city.pk}).context["form"]
    assert form["city"].value() == city.pk
