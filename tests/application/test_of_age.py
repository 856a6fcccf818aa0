"""A child turns 16 while something runs: from that moment on the person alone acts and reads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import NotYours, role_of
from apps.common.deadlines import Deadline
from apps.common.templatetags.formats import full_date
from apps.common.visibility import shown
from apps.guardianships import services as guardianships
from apps.lifecycle.refusals import NotAllowed
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.payments import settlement
from apps.payments.models import Payment
from apps.people.enums import Sex
from apps.people.models import User
from apps.people.services import enter_staff_member
from apps.requests import services
from apps.requests.models import Particulars
from apps.review import preview
from tests.application.checks import verify
from tests.application.children import TODAY, as_client, set_clock, years_ago
from tests.dates import in_words
from tests.factories.cards import make_request
from tests.factories.moments import noon
from tests.factories.payments import make_addressed, make_payable, make_payment, make_shipment
from tests.factories.people import (
    PASSWORD,
    make_guardianship,
    make_holder,
    make_reviewer,
    make_ward,
)

pytestmark = pytest.mark.django_db

GUARDIAN_PHONE = "13911112222"
HANDED_OVER = "起由本人办理和查看，在办的事已移交本人"


@pytest.fixture(autouse=True)
def _eve(monkeypatch):
    """Everything begins on the day before the birthday."""
    monkeypatch.setattr(timezone, "now", lambda: noon(TODAY - timedelta(days=1)))


@pytest.fixture
def guardian(client):
    guardian = make_holder(name="张建国", phone=GUARDIAN_PHONE, address="山东省淄博市张店区甲路1号")
    client.force_login(guardian.user)
    return guardian


@pytest.fixture
def ward(guardian):
    return make_ward(guardian, birth_date=years_ago(16))


@pytest.fixture
def turn_sixteen(ward, monkeypatch):
    """The birthday comes. Returns the person with an account of their own, or without."""

    def turn_sixteen(*, has_account=True):
        set_clock(monkeypatch)
        if not has_account:
            return ward
        young, _ = enter_staff_member(
            employee_number="Y1",
            id_number=ward.id_number,
            particulars={"phone": "13700137000"},
            by=None,
            at=timezone.now(),
        )
        young.user.set_password(PASSWORD)
        young.user.save()
        return young

    return turn_sixteen


def make(status, ward, guardian):
    return make_addressed(status, holder=ward, by=guardian.user, at=timezone.now())


def page(client, name, *arguments):
    return client.get(reverse(name, args=arguments)).content.decode()


# --- The guardian ---------------------------------------------------------------------------------


def test_the_guardians_part_is_over_for_reading_too(client, guardian, ward, turn_sixteen):
    mother = make_holder(sex=Sex.FEMALE)
    make_guardianship(mother, ward)
    payable = make_payable(holder=ward, by=guardian.user, at=timezone.now())
    payment = make_payment(card_request=payable, at=timezone.now())
    reference = payment.card_request.reference
    addresses = [
        payment.card_request.get_absolute_url(),
        payment.get_absolute_url(),
        reverse("payments:pay", args=[reference]),
        reverse("delivery:postage", args=[reference]),
        *(
            reverse(f"application:{name}", args=[reference])
            for name in ("detail", "form", "confirm", "portrait", "shipping", "withdraw")
        ),
    ]
    assert client.get(addresses[0]).status_code == 200
    turn_sixteen()
    for reader in (as_client(guardian), as_client(mother)):
        assert {reader.get(address).status_code for address in addresses} == {404}
        assert {reader.post(address).status_code for address in addresses[4:]} <= {404, 405}
    with pytest.raises(NotYours) as refusal:
        role_of(guardian.user, ward, at=timezone.now())
    assert refusal.value.code == "of_age"


@pytest.mark.parametrize("has_account", [True, False])
def test_only_that_it_was_handed_over_stays_visible(
    client, guardian, ward, has_account, turn_sixteen
):
    card_request = make(RequestStatus.NEEDS_AMENDMENT, ward, guardian)
    turn_sixteen(has_account=has_account)
    client = as_client(guardian)
    for name in ("home:home", "home:records", "children:list"):
        html = in_words(page(client, name))
        assert f"{full_date(TODAY)}{HANDED_OVER}" in html
        assert ("本人还没有账户" in html) is not has_account
        for word in (card_request.reference, "待修改信息", "请尽快办理", card_request.city.name):
            assert word not in html
    assert "还没有申请记录" in page(client, "progress:list")


# --- The young person -----------------------------------------------------------------------------


def test_a_draft_begins_anew_from_what_concerns_the_person(guardian, ward, turn_sixteen):
    draft = make_request(RequestStatus.DRAFT, holder=ward, by=guardian.user, at=timezone.now())
    young = turn_sixteen()
    client = as_client(young)
    guide = reverse("application:guide")
    for name in ("form", "confirm", "portrait"):
        address = reverse(f"application:{name}", args=[draft.reference])
        assert client.get(address)["Location"] == client.post(address)["Location"] == guide
    home = page(client, "home:home")
    assert "由本人申领" in home
    assert "请尽快" not in home
    assert GUARDIAN_PHONE[-4:] not in page(client, "progress:detail", draft.reference)
    with pytest.raises(NotAllowed) as refusal:
        services.submit(
            card_request=CardRequest.objects.get(pk=draft.pk), by=young.user, at=timezone.now()
        )
    assert refusal.value.code == "begins_anew"

    boxes = dict.fromkeys(("service", "privacy", "sensitive", "third_party"), "on")
    form_of_draft = reverse("application:form", args=[draft.reference])
    assert client.post(guide, boxes)["Location"] == form_of_draft
    own = CardRequest.objects.select_related("particulars").get(pk=draft.pk)
    verify(own)
    form = page(client, "application:form", own.reference)
    saved = own.particulars
    assert own.applicant == young.user
    assert (saved.guardian, saved.guardian_relation, saved.typed) == (None, "", "")
    assert (saved.phone, saved.address) == (young.phone, young.address)
    assert (saved.name, saved.portrait.name) == (young.name, "portraits/example.jpg")
    assert "监护人" not in form
    assert GUARDIAN_PHONE not in form


def test_what_was_submitted_goes_on_with_the_person(guardian, ward, turn_sixteen):
    card_request = make(RequestStatus.SUBMITTED, ward, guardian)
    young = turn_sixteen()
    client = as_client(young)
    html = page(client, "progress:detail", card_request.reference)
    assert "由监护人代您提交" in html
    assert reverse("application:withdraw", args=[card_request.reference]) in html
    form = page(client, "application:shipping", card_request.reference)
    assert 'value="13700137000"' in form
    assert GUARDIAN_PHONE not in form
    assert guardian.name not in form


def test_an_amendment_asks_for_the_persons_own_phone(guardian, ward, turn_sixteen):
    card_request = make(RequestStatus.NEEDS_AMENDMENT, ward, guardian)
    saved = card_request.particulars
    saved.phone = GUARDIAN_PHONE
    saved.save()
    client = as_client(turn_sixteen())
    html = page(client, "application:amend", card_request.reference)
    assert GUARDIAN_PHONE not in html
    assert 'value="13700137000"' in html


def test_for_a_person_without_an_account_the_guardian_is_told_only_to_send_the_person(
    guardian, ward, turn_sixteen
):
    card_request = make(RequestStatus.ACCEPTED, ward, guardian)
    turn_sixteen(has_account=False)
    at = timezone.now()
    guardianships.end_due(at=at, deadline=Deadline(60))
    notices.collect(at=at, limit=50)
    notices.send_due(at=at, limit=50)
    told = Notice.objects.visible_to(guardian.user, at=timezone.now()).select_related("event")
    texts = {notice.event.action: notice.text for notice in told}
    assert "监护人代办已结束" in texts["END"]
    assert "请转告孩子带身份证到人事处" in texts["ACCEPT"]
    assert "受理" not in texts["ACCEPT"]
    assert card_request.reference not in page(as_client(guardian), "home:messages")


def test_what_a_guardian_was_told_before_is_not_read_after(guardian, ward, turn_sixteen):
    mother = make_holder(sex=Sex.FEMALE)
    make_guardianship(mother, ward)
    make(RequestStatus.ACCEPTED, ward, guardian)
    before = timezone.now()
    notices.collect(at=before, limit=50)
    notices.send_due(at=before, limit=50)
    told = "制卡申请已受理"
    clients = [as_client(guardian), as_client(mother)]
    assert all(told in page(each, "home:messages") for each in clients)
    assert "未读" in page(clients[1], "home:home")
    young = turn_sixteen()
    at = timezone.now()
    guardianships.end_due(at=at, deadline=Deadline(60))
    notices.collect(at=at, limit=50)
    notices.send_due(at=at, limit=50)
    for each in (guardian, mother):
        html = page(as_client(each), "home:messages")
        assert told not in html
        assert "监护人代办已结束" in html
        visible = Notice.objects.visible_to(each.user, at=at)
        assert {notice.event.action for notice in visible} <= {"CONFIRM", "END"}
    assert told not in page(as_client(young), "home:messages")


# --- Not paid yet ---------------------------------------------------------------------------------


def test_the_desk_does_not_show_the_contact_of_the_guardian_any_more(guardian, ward, turn_sixteen):
    payable = make_payable(holder=ward, by=guardian.user, at=timezone.now())
    make_shipment(payable, at=timezone.now(), phone=GUARDIAN_PHONE)
    Particulars.objects.update(phone=GUARDIAN_PHONE, address=guardian.address)
    desk = Client()
    desk.force_login(make_reviewer())
    case = reverse("admin:cards_cardrequest_change", args=[payable.reference])
    look = reverse("admin:cards_cardrequest_disclose", args=[payable.reference])
    phone = shown(GUARDIAN_PHONE, "case.phone")
    assert phone in desk.get(case).content.decode()
    turn_sixteen()
    desk.force_login(make_reviewer())
    for page_ in (desk.get(case), desk.post(look, {"disclosure-reason": "核对"})):
        html = page_.content.decode()
        assert "等本人填写" in html
        assert phone not in html
        assert GUARDIAN_PHONE not in html
        assert guardian.address not in html


def test_before_paying_the_person_says_where_the_card_goes(guardian, ward, turn_sixteen):
    payable = make_payable(holder=ward, by=guardian.user, at=timezone.now())
    make_shipment(payable, at=timezone.now(), phone=GUARDIAN_PHONE)
    young = turn_sixteen()
    client = as_client(young)
    reference = payable.reference
    progress = client.get(payable.get_absolute_url()).content.decode()
    assert "请填写收件信息并支付邮寄费" in progress
    assert shown(GUARDIAN_PHONE, "page.phone") not in progress
    pay = page(client, "payments:pay", reference)
    assert "请先填写您本人的收件信息" in pay
    assert shown(GUARDIAN_PHONE, "page.phone") not in pay
    client.post(reverse("payments:pay", args=[reference]))
    assert not Payment.objects.exists()
    form = page(client, "application:shipping", reference)
    assert GUARDIAN_PHONE not in form
    assert 'value="13700137000"' in form
    own = CardRequest.objects.get()
    make_shipment(own, at=timezone.now(), by=young.user, phone="13700137000")
    assert shown("13700137000", "page.phone") in page(client, "payments:pay", reference)
    token = client.get(reverse("payments:pay", args=[reference])).context["shown"]
    client.post(reverse("payments:pay", args=[reference]), {"shown": token})
    assert Payment.objects.get().created_by == young.user


def test_before_paying_the_person_gives_phone_and_address_of_their_own(
    guardian, ward, turn_sixteen
):
    payable = make_payable(holder=ward, by=guardian.user, at=timezone.now())
    Particulars.objects.update(phone=GUARDIAN_PHONE, address=guardian.address)
    client = as_client(turn_sixteen())
    seen = page(client, "application:detail", payable.reference)
    assert seen.count("等您本人填写") == 2
    assert shown(GUARDIAN_PHONE, "page.phone") not in seen
    url = reverse("application:shipping", args=[payable.reference])
    form = client.get(url).context["form"]
    assert form["own_phone"].value() == "13700137000"
    where = {"method": "PICKUP", "branch": "历下支行", "shown": client.get(url).context["shown"]}
    empty = {"own_phone": "", "own_address": ""}
    refused = client.post(url, where | empty).content.decode()
    assert "请填写手机号" in refused
    own = {"own_phone": "137 0013 7001", "own_address": "山东省济南市历下区文化路2号"}
    client.post(url, where | own)
    saved = Particulars.objects.get()
    assert (saved.phone, saved.address) == ("13700137001", own["own_address"])
    assert saved.saved_by == User.objects.get(employee_number="Y1")
    assert "own_phone" not in client.get(url, follow=True).content.decode()


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_order_of_the_guardian_that_is_paid_after_the_birthday_goes_back(
    guardian, ward, turn_sixteen, when
):
    payable = make_payable(holder=ward, by=guardian.user, at=timezone.now())
    payment = make_payment(card_request=payable, at=timezone.now())
    paid_at = timezone.now()
    young = turn_sixteen()
    if when == "after":
        paid_at = timezone.now()
    settlement.confirm(
        payment=payment,
        trade_number="T1",
        amount_fen=payment.amount_fen,
        paid_at=paid_at,
        at=timezone.now(),
    )
    payment.refresh_from_db()
    assert payment.is_paid is (when == "before")
    html = as_client(young).get(payable.get_absolute_url()).content.decode()
    assert ("改由本人办理，款项原路退回" in html) is (when == "after")


# --- The desk -------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_account", [True, False])
def test_the_desk_says_who_goes_on_with_it(guardian, ward, turn_sixteen, has_account):
    card_request = make(RequestStatus.ACCEPTED, ward, guardian)
    turn_sixteen(has_account=has_account)
    desk = Client()
    desk.force_login(make_reviewer())
    case = page(desk, "admin:cards_cardrequest_change", card_request.reference)
    listed = page(desk, "admin:cards_cardrequest_changelist")
    assert "监护人代办，已移交本人" in case
    assert "已移交本人" in listed
    assert ("本人还没有账户" in case) is not has_account
    assert ("本人没有账户" in listed) is not has_account
    card_request = CardRequest.objects.get(pk=card_request.pk)
    told = preview.of(card_request, RequestAction.APPROVE, by=make_reviewer(), at=timezone.now())
    assert ("请转告孩子" in str(told["messages_told"])) is not has_account
    assert ("您的申请审核通过" in str(told["messages_told"])) is has_account
