"""我的同意: what somebody agreed to, and taking it back."""

import pytest
from django.urls import reverse

from apps.application import pages
from apps.application import services as application
from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.encryption import public_keys
from apps.people.consents import CARD_KINDS, ENDS
from apps.people.enums import ConsentKind
from apps.people.models import Consent
from apps.people.refusals import ConsentRefused
from apps.people.services import record_consent, withdraw_consent
from tests.factories.cards import AT, make_request
from tests.factories.people import MOMENT, make_holder, make_ward

pytestmark = pytest.mark.django_db

LIST, WITHDRAW = reverse("account:agreements"), reverse("account:withdraw")


@pytest.fixture
def holder(client):
    holder = make_holder()
    client.force_login(holder.user)
    return holder


def agree(holder, *, whose=None, kinds=CARD_KINDS):
    return record_consent(user=holder.user, holder=whose or holder, kinds=kinds, ip=None, at=MOMENT)


def test_the_page_shows_each_text_once_with_the_latest_answer(client, holder):
    agree(holder)
    agree(holder, whose=make_ward(holder), kinds=[ConsentKind.CHILDREN])
    withdraw_consent(holder=holder, kind=ConsentKind.PRIVACY, by=holder.user, at=AT)
    html = client.get(LIST).content.decode()
    assert html.count("撤回同意<span") == len(CARD_KINDS)
    assert html.count("已撤回") == 1
    agree(holder, kinds=[ConsentKind.PRIVACY])
    assert "已撤回" not in client.get(LIST).content.decode()


def test_taking_back_is_said_once_and_by_post(client, holder):
    consent = agree(holder)[0]
    stored = Consent.objects.get(kind=consent.kind)
    key = public_keys.of(stored)
    assert client.get(WITHDRAW).status_code == 405
    page = client.post(WITHDRAW, {"consent": key}, follow=True).content.decode()
    assert f"已撤回对《{consent.get_kind_display()}》的同意" in page
    assert Consent.objects.get(pk=stored.pk).withdrawn_at
    assert "不用再撤回" in client.post(WITHDRAW, {"consent": key}, follow=True).content.decode()


@pytest.mark.parametrize("key", ["", "x", "0"])
def test_what_is_not_there_is_not_found(client, holder, key):
    assert client.post(WITHDRAW, {"consent": key}).status_code == 404


def test_nobody_sees_or_takes_back_the_consents_of_others(client, holder):
    agree(make_holder())
    consent = Consent.objects.first()
    assert "还没有同意过" in client.get(LIST).content.decode()
    assert client.post(WITHDRAW, {"consent": public_keys.of(consent)}).status_code == 404
    assert not Consent.objects.exclude(withdrawn_at=None).exists()


def test_a_draft_is_not_handed_in_until_the_texts_are_agreed_to_again(holder):
    draft = make_request(RequestStatus.DRAFT, holder=holder)
    agree(holder)
    withdraw_consent(holder=holder, kind=ConsentKind.SENSITIVE, by=holder.user, at=AT)
    with pytest.raises(ConsentRefused) as refusal:
        application.submit(card_request=draft, shown=pages.token(draft), by=holder.user, at=AT)
    assert "敏感个人信息单独同意书" in refusal.value.message
    agree(holder, kinds=[ConsentKind.SENSITIVE])
    with pytest.raises(Refused) as refusal:
        application.submit(card_request=draft, shown=pages.token(draft), by=holder.user, at=AT)
    assert refusal.value.code == "not_verified"


def test_the_words_stay_readable_as_they_were_agreed_to(client, holder, settings):
    consent = agree(holder)[0]
    address = reverse("account:agreed", args=[consent.kind, consent.text_version])
    assert address in client.get(LIST).content.decode()
    operator = settings.PORTAL_OPERATOR["name"]
    settings.PORTAL_OPERATOR = {"name": "改了名字的人事处", "contact": "窗口"}
    page = client.get(address).content.decode()
    assert f"本门户由{operator}运营" in page
    assert "本门户由改了名字的人事处运营" not in page


def test_nobody_reads_an_agreement_that_is_not_theirs(client, holder):
    other = make_holder()
    consent = agree(other)[0]
    address = reverse("account:agreed", args=[consent.kind, consent.text_version])
    assert client.get(address).status_code == 404


def test_what_taking_back_ends_is_said_before(client, holder):
    agree(holder)
    page = client.get(LIST).content.decode()
    for kind in CARD_KINDS:
        assert ENDS[kind] in page
    assert set(ENDS) == set(ConsentKind)
