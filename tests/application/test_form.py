"""填写申领信息: kept while it is filled in, and handed in with an identity check."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.application import pages, services
from apps.cards.enums import RequestStatus
from apps.requests.models import Particulars
from apps.verification.refusals import CheckRefused
from tests.application.checks import passed_check, verify
from tests.application.test_particulars_form import TYPED
from tests.factories.cards import make_draft, make_request
from tests.factories.people import make_holder
from tests.shown import send

pytestmark = pytest.mark.django_db


def url(name, card_request):
    return reverse(f"application:{name}", args=[card_request.reference])


@pytest.fixture
def draft(client):
    """A verified, still empty draft whose owner is signed in."""
    draft = make_draft(complete=False)
    verify(draft)
    client.force_login(draft.holder.user)
    return draft


def saved(draft):
    return Particulars.objects.get(card_request=draft)


def hand_in(draft):
    shown = pages.token(draft)
    services.submit(card_request=draft, shown=shown, by=draft.applicant, at=timezone.now())


def test_without_a_passed_check_the_form_is_open_and_nothing_is_handed_in(client):
    draft = make_draft()
    client.force_login(draft.holder.user)
    assert client.get(url("form", draft)).status_code == 200
    with pytest.raises(CheckRefused):
        hand_in(draft)


def test_a_passed_check_is_used_when_the_request_is_handed_in():
    draft = make_draft()
    check = passed_check(draft)
    hand_in(draft)
    check.refresh_from_db()
    assert check.is_used
    assert draft.awaits_payment


def test_a_check_of_another_request_hands_in_nothing():
    other = make_request(RequestStatus.WITHDRAWN)
    passed_check(other)
    draft = make_draft(holder=other.holder)
    with pytest.raises(CheckRefused):
        hand_in(draft)


def test_known_data_is_filled_in_and_what_comes_from_the_roster_is_locked(client, draft):
    page = client.get(url("form", draft)).content.decode()
    number = draft.holder.id_number
    assert draft.holder.phone in page
    assert number not in page
    assert f"{number[:3]}***********{number[-4:]}" in page
    assert 'name="name"' not in page
    assert 'name="id_number"' not in page


def test_the_form_costs_seven_queries(client, draft, django_assert_num_queries):
    """What is open is asked about twice."""
    client.get(url("form", draft))
    with django_assert_num_queries(7):
        client.get(url("form", draft))


def test_typing_over_locked_fields_changes_nothing(client, draft):
    send(client, url("form", draft), TYPED | {"name": "别人", "id_number": "1", "sex": "2"})
    assert (saved(draft).name, saved(draft).sex) == (draft.holder.name, draft.holder.sex)


def test_errors_stand_beside_the_field_and_on_top(client, draft):
    page = send(client, url("form", draft), TYPED | {"phone": "1380013800"}).content.decode()
    assert page.count("手机号应为 11 位，您填了 10 位。") >= 2
    assert "请上传电子照片" in page


def test_autosave_keeps_right_and_wrong_values_over_leaving_and_coming_back(client, draft):
    typed = {"phone": "1380013800", "address": "济", "occupation": "2000000"}
    assert send(client, url("autosave", draft), typed, page=url("form", draft)).status_code == 200
    client.logout()
    client.force_login(draft.holder.user)
    page = client.get(url("form", draft)).content.decode()
    assert 'value="1380013800"' in page
    assert 'value="济"' in page
    assert saved(draft).phone == ""
    assert saved(draft).occupation == "2000000"


def test_coming_back_does_not_scold_for_what_is_not_finished(client, draft):
    send(client, url("autosave", draft), {"phone": "138"}, page=url("form", draft))
    assert "您填了3位" not in client.get(url("form", draft)).content.decode()


def test_what_is_typed_is_encrypted_at_rest(client, draft):
    send(client, url("autosave", draft), {"phone": "138001380009999"}, page=url("form", draft))
    raw = Particulars.objects.filter(pk=saved(draft).pk).extra(select={"raw": "typed"})
    assert "138001380009999" not in raw.values_list("raw", flat=True)[0]


def test_saving_with_errors_keeps_what_was_typed_without_javascript(client, draft):
    send(client, url("form", draft), TYPED | {"phone": "1380013800"})
    assert 'value="1380013800"' in client.get(url("form", draft)).content.decode()


def test_a_complete_form_leads_to_the_check_page_and_forgets_the_typed_text(client, draft):
    Particulars.objects.filter(card_request=draft).update(portrait="portraits/example.jpg")
    send(client, url("autosave", draft), TYPED | {"phone": "138"}, page=url("form", draft))
    response = send(client, url("form", draft), TYPED)
    assert response.url == url("confirm", draft)
    assert saved(draft).typed == ""
    assert saved(draft).phone == TYPED["phone"]


def test_autosave_of_a_submitted_request_says_so_and_changes_nothing(client):
    card_request = make_request(RequestStatus.SUBMITTED)
    client.force_login(card_request.holder.user)
    before = saved(card_request).phone
    response = send(
        client,
        url("autosave", card_request),
        TYPED | {"phone": "13900000000"},
        page=url("form", card_request),
    )
    assert response.status_code == 409
    assert "已经提交" in response.content.decode()
    assert saved(card_request).phone == before


def test_the_form_of_a_submitted_request_leads_on(client):
    card_request = make_request(RequestStatus.SUBMITTED)
    client.force_login(card_request.holder.user)
    assert client.get(url("form", card_request)).url == url("shipping", card_request)


@pytest.mark.parametrize("name", ["form", "confirm", "portrait", "detail", "shipping"])
def test_another_person_finds_nothing(client, draft, name):
    client.force_login(make_holder().user)
    assert client.get(url(name, draft)).status_code == 404


def test_a_check_that_ran_out_hands_in_nothing():
    draft = make_draft()
    passed_check(draft, at=timezone.now() - timedelta(minutes=40))
    with pytest.raises(CheckRefused):
        hand_in(draft)
    assert draft.is_draft
