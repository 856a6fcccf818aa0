"""Document, prefix and nationality are one rule: for roster, registration and eligibility."""

from datetime import date

import pytest
from django.urls import reverse

from apps.application import eligibility
from apps.application.enums import Ineligibility
from apps.guardianships import services as guardianships
from apps.guardianships.refusals import RegistrationRefused
from apps.people import documents
from apps.people.enums import IdType, Sex
from apps.people.models import Guardianship, Holder
from apps.people.services import enter_staff_member
from apps.typed_text.id_numbers import check_character
from tests.application.pictures import upload as picture
from tests.factories.people import MOMENT, make_holder, make_id_number, make_registration
from tests.factories.rosters import AT

HEADINGS = "工号,姓名,证件类型,社会保障号码,国籍"


def number(prefix, born=date(1990, 1, 1), sequence="002"):
    first17 = f"{prefix}{born:%Y%m%d}{sequence}"
    return first17 + check_character(first17)


ABROAD = {
    "911250": (IdType.PERMANENT_RESIDENT, ""),
    "990372": (IdType.PERMANENT_RESIDENT, ""),
    "810000": (IdType.RESIDENCE_PERMIT, "HKG"),
    "820000": (IdType.RESIDENCE_PERMIT, "MAC"),
    "830000": (IdType.RESIDENCE_PERMIT, "TWN"),
}


@pytest.mark.parametrize(("prefix", "told"), ABROAD.items())
def test_the_prefix_tells_the_document(prefix, told):
    document = documents.of_number(number(prefix))
    assert (document.id_type, document.nationality) == told
    assert not document.is_of_a_citizen


@pytest.mark.parametrize("prefix", ["370303", "710000", "110101", "379999"])
def test_all_others_are_identity_cards(prefix):
    assert documents.of_number(number(prefix)).is_of_a_citizen


@pytest.mark.parametrize("other", ["E12345678", "FRA123456789012", "", "37030319900230001X"])
def test_a_number_of_another_structure_tells_nothing(other):
    assert documents.of_number(other) is None


# --- The services ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_service_knows_the_rule_as_well():
    holder, _ = enter_staff_member(
        employee_number="F1",
        id_number=number("820000"),
        particulars={"name": "陈乐"},
        by=None,
        at=AT,
    )
    assert (holder.id_type, holder.nationality) == (IdType.RESIDENCE_PERMIT, "MAC")


# --- Eligibility ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ABROAD)
def test_an_entry_older_than_the_rule_does_not_apply(prefix):
    holder = make_holder(id_number=number(prefix), birth_date=date(1990, 1, 1))
    assert (holder.id_type, holder.nationality) == (IdType.RESIDENT, "CHN")
    with pytest.raises(eligibility.NotEligible) as refused:
        eligibility.check_person(holder, at=AT)
    assert refused.value.code == Ineligibility.OTHER_DOCUMENT
    for words in (ABROAD[prefix][0].label, "人事处社会保障卡服务窗口"):
        assert words in refused.value.message


# --- Registration of a child ----------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ABROAD)
def test_a_child_with_another_document_is_sent_to_the_office_at_once(client, prefix):
    guardian = make_holder()
    client.force_login(guardian.user)
    born = date(2018, 6, 1)
    typed = {
        "name": "张乐",
        "id_number": number(prefix, born),
        "birth_date": born.isoformat(),
        "relation": "2",
        "proof_kind": "2",
        "pictures": [picture()],
        "consent": "on",
    }
    page = client.post(reverse("children:register"), typed).content.decode()
    assert ABROAD[prefix][0].label in page
    assert "人事处社会保障卡服务窗口" in page
    assert not Guardianship.objects.exists()
    assert not Holder.objects.exclude(pk=guardian.pk).exists()


@pytest.mark.django_db
def test_the_service_refuses_it_too():
    with pytest.raises(RegistrationRefused) as refused:
        make_registration(make_holder(), id_number=number("810000", date(2018, 6, 1)))
    assert refused.value.code == "other_document"


@pytest.mark.django_db
def test_a_child_with_an_identity_card_is_entered_as_a_citizen():
    born = date(2018, 6, 1)
    bond = make_registration(
        make_holder(), id_number=make_id_number(birth_date=born, sex=Sex.FEMALE)
    )
    assert documents.of_holder(bond.ward).is_of_a_citizen
    assert guardianships.decisions(guardianships=[bond]) == {}
    assert bond.created_at == MOMENT
