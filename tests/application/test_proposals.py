"""City and bank as they are proposed, and what stands beside the form about it."""

from datetime import date

import pytest
from django.urls import reverse

from apps.application.proposals import propose, source_of
from apps.cards.enums import RequestStatus
from apps.regions.models import CityBank
from tests.factories.cards import AT, make_draft, make_request
from tests.factories.people import make_holder, make_ward
from tests.factories.regions import make_bank, make_city
from tests.shown import send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def institution(settings):
    settings.INSTITUTION_CITY, settings.INSTITUTION_BANK = make_city().pk, make_bank().pk


def test_the_first_time_the_institution_s_city_and_bank_are_proposed():
    proposed = propose([make_holder()], at=AT)
    assert (proposed.city, proposed.bank) == (make_city(), make_bank())
    assert source_of(make_draft()) == "按单位所在地"


def test_what_was_chosen_last_goes_before_it():
    other = make_city("370300", "淄博市", banks=[make_bank("95588", "中国工商银行")])
    before = make_request(RequestStatus.WITHDRAWN, city=other, bank=make_bank("95588"))
    proposed = propose([before.holder], at=AT)
    assert (proposed.city, proposed.bank.pk) == (other, "95588")


def test_for_a_child_what_the_guardian_chose_counts():
    other = make_city("370300", "淄博市", banks=[make_bank("95588", "中国工商银行")])
    before = make_request(RequestStatus.WITHDRAWN, city=other, bank=make_bank("95588"))
    ward = make_ward(before.holder)
    assert propose([ward, before.holder], at=AT).city == other


def test_what_is_closed_is_not_proposed():
    CityBank.objects.update(open_until=date(2025, 1, 1))
    assert propose([make_holder()], at=AT) is None


def test_without_an_institution_nothing_is_proposed(settings):
    settings.INSTITUTION_CITY = ""
    assert propose([make_holder()], at=AT) is None


def test_saving_says_what_is_still_missing(client):
    draft = make_draft(complete=False)
    client.force_login(draft.holder.user)
    form, autosave = (
        reverse(f"application:{name}", args=[draft.reference]) for name in ("form", "autosave")
    )
    typed = {"id_valid_from": "2020-01-01", "id_valid_until": "2040-01-01", "phone": "138"}
    news = send(client, autosave, typed, page=form).json()["news"]
    assert "电子照片" in news["summary"]
    assert "手机号" in news["summary"]
    assert "证件有效期" not in news["summary"]
    assert "还差" in news["missing"]
