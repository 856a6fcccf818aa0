"""代未成年子女办理 of 社会保障卡申领: refusals, the second guardian, and the 16th birthday."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.application import eligibility, pages, services, wards
from apps.application.eligibility import NotEligible
from apps.application.enums import Ineligibility
from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.people.enums import Sex
from apps.people.models import Consent, Holder
from apps.verification.refusals import CheckRefused
from tests.application.checks import verify
from tests.application.children import as_client, set_clock, years_ago
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.checks import pass_check
from tests.factories.people import make_guardianship, make_holder, make_ward
from tests.factories.regions import make_bank, make_city

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    set_clock(monkeypatch)


def typed(ward, **changes):
    return {"city": make_city().pk, "bank": make_bank().pk} | changes


def agree(guardian, ward):
    wards.agree(ward=ward, ip=None, by=guardian.user, at=timezone.now())


def precheck(client, ward, **changes):
    return client.post(
        reverse("application:child_precheck", args=[ward.reference]), typed(ward, **changes)
    )


def answer(ward, **changes):
    values = typed(ward) | {"city": make_city(), "bank": make_bank()} | changes
    with pytest.raises(NotEligible) as caught:
        eligibility.check_for_ward(ward=ward, at=timezone.now(), **values)
    return caught.value


@pytest.mark.parametrize(
    ("born", "kind"), [(years_ago(13), "CHILDREN"), (years_ago(14), "SENSITIVE")]
)
def test_the_consents_are_asked_one_by_one_and_stored_for_the_child(client, guardian, born, kind):
    ward = make_ward(guardian, birth_date=born)
    url = reverse("application:child_agreement", args=[ward.reference])
    form = client.get(url).context["form"]
    boxes = set(form.fields)
    assert boxes == {"service", "privacy", "third_party", kind.lower()}
    for missing in boxes:
        client.post(url, dict.fromkeys(boxes - {missing}, "on"))
    assert not Consent.objects.exists()
    response = client.post(url, dict.fromkeys(boxes, "on"))
    assert response.url == reverse("application:child_precheck", args=[ward.reference])
    given = set(Consent.objects.filter(holder=ward, user=guardian.user).values_list("kind"))
    assert given == {("SERVICE",), ("PRIVACY",), ("THIRD_PARTY",), (kind,)}


def test_the_way_to_refuse_is_visible(client, guardian):
    ward = make_ward(guardian)
    page = client.get(reverse("application:child_agreement", args=[ward.reference]))
    assert f'href="{reverse("children:declined")}"' in page.content.decode()


def test_the_precheck_comes_after_the_agreement(client, guardian):
    ward = make_ward(guardian)
    assert "agreement" in precheck(client, ward).url or "for-child" in precheck(client, ward).url
    assert not CardRequest.objects.exists()


def test_what_one_guardian_agreed_to_the_other_has_not(client, guardian):
    ward = make_ward(guardian)
    other = make_holder(sex=Sex.FEMALE)
    make_guardianship(other, ward)
    agree(guardian, ward)
    assert not wards.has_agreed(ward=ward, user=other.user, at=timezone.now())


def test_passing_opens_the_child_s_draft_at_its_form(client, guardian):
    ward = make_ward(guardian)
    agree(guardian, ward)
    response = precheck(client, ward)
    draft = CardRequest.objects.get(holder=ward)
    assert response.url == reverse("application:form", args=[draft.reference])
    assert draft.particulars.guardian == guardian
    assert draft.particulars.guardian_relation == "2"
    assert draft.particulars.phone == guardian.phone


@pytest.mark.parametrize("name", ["child_agreement", "child_precheck"])
def test_only_a_confirmed_guardian_of_a_child_below_16_gets_in(client, guardian, name):
    strange = make_ward(make_holder())
    grown = make_ward(guardian, birth_date=years_ago(16))
    for child in (strange, grown, guardian):
        url = reverse(f"application:{name}", args=[child.reference])
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404


def test_from_16_on_the_own_application_is_the_way(guardian):
    error = answer(make_ward(guardian, birth_date=years_ago(16)))
    assert error.code == Ineligibility.OF_AGE
    assert "本人申领" in error.message


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"id_type": "C"}, Ineligibility.OTHER_DOCUMENT),
        ({"deceased_date": date(2026, 1, 1)}, Ineligibility.DECEASED),
        ({"has_card_elsewhere": True}, Ineligibility.CARD_ELSEWHERE),
    ],
)
def test_what_holds_for_grown_ups_holds_for_children(guardian, fields, code):
    ward = make_ward(guardian)
    Holder.objects.filter(pk=ward.pk).update(**fields)
    ward.refresh_from_db()
    assert answer(ward).code == code


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (CardStatus.SEALED, Ineligibility.CARD_SEALED),
        (CardStatus.ACTIVE, Ineligibility.CARD_IN_HAND),
        (CardStatus.LOST, Ineligibility.CARD_LOST),
    ],
)
def test_a_child_with_a_card_is_spoken_of_as_the_child(guardian, status, code):
    ward = make_ward(guardian)
    make_card(status, holder=ward, by=guardian.user)
    error = answer(ward)
    assert error.code == code
    assert "孩子" in error.message
    assert "您的" not in error.message


def test_a_request_of_the_other_guardian_is_a_duplicate_that_leads_there(guardian):
    ward = make_ward(guardian)
    card_request = make_request(RequestStatus.ACCEPTED, holder=ward, by=guardian.user)
    error = answer(ward)
    assert error.code == Ineligibility.DUPLICATE
    assert error.next_step[1] == card_request.get_absolute_url()


def test_the_second_guardian_goes_on_with_the_draft_after_an_own_check(client, guardian):
    ward = make_ward(guardian)
    other = make_holder(sex=Sex.FEMALE)
    make_guardianship(other, ward)
    draft = make_draft(holder=ward, by=guardian.user, at=timezone.now())
    verify(draft)
    second = as_client(other)
    form = reverse("application:form", args=[draft.reference])
    assert client.get(form).status_code == 200
    assert second.get(form).status_code == 200
    with pytest.raises(CheckRefused):
        hand_in(draft, by=other.user)
    pass_check(holder=ward, by=other.user, purpose="APPLY", card_request=draft, at=timezone.now())
    hand_in(draft, by=other.user)
    assert draft.status == RequestStatus.SUBMITTED
    assert draft.events.latest("pk").by == other.user


def hand_in(draft, *, by):
    services.submit(card_request=draft, shown=pages.token(draft), by=by, at=timezone.now())


def test_of_two_guardians_who_begin_one_draft_comes_out(guardian):
    ward = make_ward(guardian)
    other = make_holder(sex=Sex.FEMALE)
    make_guardianship(other, ward)
    for who in (guardian, other):
        values = typed(ward) | {"city": make_city(), "bank": make_bank()}
        wards.start(ward=ward, **values, by=who.user, at=timezone.now())
    assert CardRequest.objects.get().applicant == guardian.user


@pytest.mark.parametrize(("born", "asks"), [(years_ago(7, days=-1), False), (years_ago(7), True)])
def test_a_portrait_is_asked_for_from_7_on(client, guardian, born, asks):
    ward = make_ward(guardian, birth_date=born)
    draft = make_draft(holder=ward, by=guardian.user, complete=False)
    verify(draft)
    page = client.get(reverse("application:form", args=[draft.reference])).content.decode()
    assert ("上传照片" in page) == asks
    assert ("孩子未满7周岁，不需要照片" in page) == (not asks)


def test_the_form_of_a_child_asks_for_less_and_names_the_guardian(client, guardian):
    ward = make_ward(guardian)
    draft = make_draft(holder=ward, by=guardian.user, complete=False)
    verify(draft)
    response = client.get(reverse("application:form", args=[draft.reference]))
    page = response.content.decode()
    fields = set(response.context["form"].fields)
    assert fields == {"ethnicity", "phone", "address", "household_type"}
    for words in ("孩子的信息", "*超（父女）", "户口簿", "您（监护人）本人实名办理的手机号"):
        assert words in page
    assert reverse("application:child_precheck", args=[ward.reference]) in page


@pytest.mark.parametrize("children", [2, 6])
def test_6_children_cost_as_many_queries_as_2(
    client, guardian, children, django_assert_max_num_queries
):
    for number in range(children):
        child = make_ward(guardian)
        if number % 2:
            make_request(RequestStatus.ACCEPTED, holder=child, by=guardian.user)
    with django_assert_max_num_queries(10):
        client.get(reverse("application:guide_for_child"))
