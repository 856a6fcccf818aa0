"""申领资格预校验 as a page: with and without htmx, refused and passed."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.application import eligibility, services
from apps.application.forms import PrecheckForm
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.people.models import Consent
from apps.regions.models import CityBank, ServiceOpening
from tests.factories.cards import make_draft, make_request
from tests.factories.people import make_holder
from tests.factories.regions import make_bank, make_city
from tests.guards import without_guards
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
    return {"city": make_city().pk, "bank": make_bank().pk} | changes


def test_the_precheck_comes_after_the_agreement(client):
    client.force_login(make_holder().user)
    assert client.get(PRECHECK).url == reverse("application:guide")


def test_an_agreement_to_an_older_text_has_to_be_given_again(client, holder):
    with without_guards():
        Consent.objects.update(text_version="2020-01-01")
    assert client.get(PRECHECK).url == reverse("application:guide")


def test_passing_opens_a_draft_at_its_form(client, holder):
    response = client.post(PRECHECK, typed(holder))
    draft = CardRequest.objects.get(holder=holder)
    assert response.url == reverse("application:form", args=[draft.reference])
    assert (draft.status, draft.city, draft.bank) == ("DRAFT", make_city(), make_bank())


def test_name_and_number_are_shown_masked_and_not_taken_from_the_form(client, holder):
    other = make_holder(name="王芳")
    page = client.get(PRECHECK).content.decode()
    assert "*超" in page
    assert holder.id_number not in page
    assert 'name="id_number"' not in page
    client.post(PRECHECK, typed(holder, name=other.name, id_number=other.id_number))
    draft = CardRequest.objects.get()
    assert (draft.holder, draft.particulars.name) == (holder, holder.name)


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
    draft = CardRequest.objects.get(holder=holder)
    assert response.url == reverse("application:form", args=[draft.reference])


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
    assert CardRequest.objects.count() == 1


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


def test_the_banks_follow_the_city_without_javascript_and_the_city_stays(client, holder):
    city = make_city("370300", "淄博市", banks=[make_bank("95588", "中国工商银行")])
    answers = {"city": city.pk, PrecheckForm.NARROW: "1"}
    response = client.post(PRECHECK, answers)
    page = response.content.decode()
    assert "中国工商银行" in page
    assert f'value="{city.pk}" selected' in page
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
