"""What people type and paste, at the pages where they do it: names, phones, numbers, nothing."""

import re

import pytest
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.delivery.models import Shipment
from apps.people.models import User
from apps.requests.models import Particulars
from tests.application.checks import own_draft
from tests.factories.cards import make_request
from tests.factories.people import PASSWORD, make_holder
from tests.factories.regions import make_county
from tests.sampling import some
from tests.shown import send

pytestmark = pytest.mark.django_db

AGREED = dict.fromkeys(("service", "privacy", "sensitive", "third_party"), "on")
FRAMEWORK = re.compile("确保该|不允许是用|有效的|必填项|可用的选项|输入一个|输入整数|字段")
INVISIBLE = "\u200b\u3164\ufeff"


def text(response):
    return response.content.decode()


@pytest.fixture
def draft(client):
    return own_draft(client)


def form_url(draft):
    return reverse("application:form", args=[draft.reference])


@pytest.mark.parametrize(
    "phone",
    [
        "8613912345678",
        "+86\u00a0139\u20111234\u20115678",
        "\u202d13912345678\u202c",
        "０１３９１２３４５６７８",
    ],
)
def test_a_phone_is_taken_in_every_usual_spelling(client, draft, phone):
    send(client, form_url(draft), {"phone": phone})
    assert Particulars.objects.get(card_request=draft).phone == "13912345678"


@pytest.mark.parametrize("phone", ["0531-88888888", "（0531）88888888", "88888888"])
def test_a_landline_is_called_one_on_every_form(client, draft, phone):
    assert "这是座机号码" in text(send(client, form_url(draft), {"phone": phone}))
    submitted = make_request(RequestStatus.SUBMITTED)
    client.force_login(submitted.applicant)
    address = reverse("application:shipping", args=[submitted.reference])
    answer = text(send(client, address, {"method": "MAIL", "phone": phone}))
    assert "这是座机号码" in answer


def test_an_account_is_found_by_the_phone_in_every_spelling(client):
    holder = make_holder(phone="13912345678")
    for typed in ("8613912345678", "\u202a139 1234 5678\u202c", "１３９-1234-5678"):
        client.logout()
        client.post(reverse("account_login"), {"login": typed, "password": PASSWORD})
        assert client.session.get("_auth_user_id") == str(holder.user_id), typed


def test_a_recipient_from_abroad_is_stored_in_one_spelling(client):
    submitted = make_request(RequestStatus.SUBMITTED)
    county = make_county(city=submitted.city)
    client.force_login(submitted.applicant)
    data = {
        "method": "MAIL",
        "recipient": "ＪＯＨＮ　O’ＳＭＩＴＨ",
        "phone": "8613912345678",
        "province": submitted.city.province_id,
        "city": submitted.city_id,
        "county": county.pk,
        "address": "共青团⻄路８８号",
    }
    send(client, reverse("application:shipping", args=[submitted.reference]), data)
    shipment = Shipment.objects.get(card_request=submitted)
    assert (shipment.recipient, shipment.phone) == ("JOHN O'SMITH", "13912345678")
    assert shipment.address == "共青团西路88号"


def test_fields_of_invisible_characters_are_missing(client, draft):
    page = text(send(client, form_url(draft), dict.fromkeys(("phone", "address"), INVISIBLE)))
    assert "请填写手机号。" in page
    assert "请填写常住地址。" in page


@pytest.mark.parametrize(
    "typed", some(["", "x", "长" * 3000, "\x00", "-1", "2026-13-45", "９９９"], "", "\x00")
)
@pytest.mark.parametrize(
    "name",
    ["application:precheck", "children:register", "account_login", "account_change_password"],
)
def test_no_sentence_of_the_framework_is_on_a_page(client, draft, name, typed):
    client.post(reverse("application:guide"), AGREED)
    if name == "account_login":
        client.logout()
    address = reverse(name)
    fields = re.findall(r'name="([\w-]+)"', text(client.get(address)))
    assert fields
    data = dict.fromkeys(set(fields) - {"csrfmiddlewaretoken", "next", "narrow"}, typed)
    answer = text(client.post(address, data))
    assert not FRAMEWORK.search(re.sub(r"(?s)<(script|style).*?</\1>", "", answer))


@pytest.mark.parametrize("typed", ["", "长" * 300, "\x00", "2026-13-45"])
@pytest.mark.parametrize("name", ["people_user_add", "people_holder_change"])
def test_nor_on_a_page_of_the_admin(client, name, typed):
    client.force_login(User.objects.create_superuser("ROOT", PASSWORD))
    args = [make_holder().pk] if name == "people_holder_change" else []
    address = reverse(f"admin:{name}", args=args)
    names = (
        "employee_number",
        "password1",
        "password2",
        "department",
        "occupation",
        "ethnicity",
        "deceased_date",
    )
    answer = text(client.post(address, dict.fromkeys(names, typed)))
    errors = re.findall(r'(?s)<ul class="errorlist.*?</ul>', answer)
    assert errors or name == "people_holder_change" or User.objects.count() > 1
    for error in errors:
        assert not FRAMEWORK.search(error), error
