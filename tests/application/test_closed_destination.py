"""A city or a bank that closes while a draft is open is said at once, with the way to another."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.common.moments import day_of
from apps.common.templatetags.formats import day as day_words
from apps.regions.enums import Service
from apps.regions.models import CityBank, ServiceOpening
from tests.application.checks import verify
from tests.dates import in_words
from tests.factories.cards import make_draft
from tests.factories.formal_losses import make_replacement_draft
from tests.factories.people import make_holder, make_ward
from tests.factories.regions import make_bank

pytestmark = pytest.mark.django_db

ENDED = date(2025, 1, 1)


def url(name, card_request):
    return reverse(f"application:{name}", args=[card_request.reference])


def page(client, address):
    return client.get(address).content.decode()


@pytest.mark.parametrize("name", ["form", "confirm"])
@pytest.mark.parametrize(
    ("model", "words"),
    [
        (ServiceOpening, "济南市已停办网上申领（最后一天是2025年1月1日（周三））"),
        (CityBank, "中国建设银行在济南市已停办社保卡（最后一天是2025年1月1日（周三））"),
    ],
)
def test_what_was_closed_is_said_on_the_form_with_the_way_to_another(
    client, draft, name, model, words
):
    assert "停办" not in page(client, url(name, draft))
    model.objects.update(open_until=ENDED)
    shown = page(client, url(name, draft))
    assert words in shown
    assert "没有开通" not in shown
    assert f'<a class="btn line" href="{reverse("application:precheck")}">' in shown


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (ServiceOpening, "济南市还没有开通网上申领"),
        (CityBank, "中国建设银行在济南市没有开通社保卡"),
    ],
)
def test_what_was_never_open_is_called_so(client, draft, model, words):
    model.objects.all().delete()
    shown = page(client, url("form", draft))
    assert words in shown
    assert "停办" not in shown


def test_what_opens_again_names_the_day(client, draft):
    ServiceOpening.objects.update(open_until=ENDED)
    day = day_of(timezone.now()) + timedelta(days=40)
    ServiceOpening.objects.create(city=draft.city, service=Service.APPLY, open_from=day)
    wanted = f"{day_words(day)}起重新开通"
    assert wanted in page(client, url("form", draft))


def test_what_will_close_names_its_last_day_beforehand(client, draft):
    day = day_of(timezone.now()) + timedelta(days=3)
    CityBank.objects.update(open_until=day)
    shown = in_words(page(client, url("form", draft)))
    assert f"到 {day_words(day)}24:00 停办" in shown


def test_saving_the_form_says_it_too(client, draft):
    ServiceOpening.objects.update(open_until=ENDED)
    answer = client.post(url("form", draft), {"phone": "138"}).content.decode()
    assert "已停办网上申领" in answer


def test_where_another_is_chosen_it_is_said_why_and_no_link_leads_in_a_circle(client, draft):
    client.post(
        reverse("application:guide"),
        dict.fromkeys(("service", "privacy", "sensitive", "third_party"), "on"),
    )
    ServiceOpening.objects.filter(service=Service.APPLY).update(open_until=ENDED)
    shown = page(client, reverse("application:precheck"))
    assert "济南市已停办网上申领" in shown
    assert f'<a class="btn line" href="{reverse("application:precheck")}"' not in shown


def test_a_city_that_closed_while_the_list_was_open_is_told_what_it_is(client, draft):
    client.post(
        reverse("application:guide"),
        dict.fromkeys(("service", "privacy", "sensitive", "third_party"), "on"),
    )
    ServiceOpening.objects.update(open_until=ENDED)
    typed = {"city": draft.city_id, "bank": draft.bank_id}
    answer = client.post(reverse("application:precheck"), typed).content.decode()
    assert "济南市已停办网上申领" in answer


def test_the_draft_of_a_child_leads_to_the_precheck_of_the_child(client):
    guardian = make_holder()
    ward = make_ward(guardian)
    draft = make_draft(holder=ward, by=guardian.user)
    verify(draft)
    client.force_login(guardian.user)
    ServiceOpening.objects.update(open_until=ENDED)
    shown = page(client, url("form", draft))
    assert "已停办网上申领" in shown
    assert reverse("application:child_precheck", args=[ward.reference]) in shown


@pytest.mark.parametrize(
    ("model", "words"),
    [(ServiceOpening, "济南市已停办网上补换"), (CityBank, "在济南市已停办社保卡")],
)
def test_a_replacement_says_it_and_leads_to_its_terms(client, model, words):
    draft = make_replacement_draft()
    verify(draft)
    client.force_login(draft.holder.user)
    model.objects.update(open_until=ENDED)
    terms = reverse("replacement:start", args=[draft.old_card.reference])
    shown = page(client, url("form", draft))
    assert words in shown
    assert f'<a class="btn line" href="{terms}">更改补换原因、地区或银行</a>' in shown
    again = page(client, terms)
    assert words in again
    assert "不改原因，接着填写" not in again


def test_a_bank_that_closed_while_the_terms_were_open_is_told_what_it_is(client):
    draft = make_replacement_draft()
    client.force_login(draft.holder.user)
    other = make_bank("95588", "中国工商银行")
    CityBank.objects.create(city=draft.city, bank=other, open_from=date(2020, 1, 1))
    CityBank.objects.filter(bank=other).update(open_until=ENDED)
    typed = {"reason": "BANK_CHANGED", "bank": other.pk}
    terms = reverse("replacement:start", args=[draft.old_card.reference])
    assert "中国工商银行在济南市已停办社保卡" in client.post(terms, typed).content.decode()
