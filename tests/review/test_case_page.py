"""What the decision page shows, what it hides, and what looking costs and leaves behind."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.templatetags.formats import day
from apps.desk import event_kinds
from apps.people.models import Holder
from apps.requests.models import Particulars
from apps.verification.enums import CheckOutcome, CheckStatus
from tests.book import looks
from tests.dates import in_words
from tests.factories.cards import AT, make_card, make_request, reject
from tests.factories.checks import make_face_check
from tests.factories.parcels import make_parcel
from tests.factories.people import make_holder, make_ward
from tests.review.steps import REASON

pytestmark = pytest.mark.django_db


def url(name, card_request):
    return reverse(f"admin:cards_cardrequest_{name}", args=[card_request.reference])


@pytest.fixture
def card_request(db):
    return make_request(RequestStatus.ACCEPTED)


def test_the_page_hides_number_phone_and_address(desk, card_request):
    page = desk.get(url("change", card_request)).content.decode()
    given = card_request.particulars
    for secret in (given.id_number, given.phone, given.address):
        assert secret not in page
    assert f"{given.id_number[:3]}***********{given.id_number[-4:]}" in page


def test_it_is_said_that_the_portrait_is_by_the_unit_and_since_when(desk, card_request):
    assert "单位拍的" not in desk.get(url("change", card_request)).content.decode()
    Particulars.objects.filter(card_request=card_request).update(portrait_offered_at=AT)
    page = in_words(desk.get(url("change", card_request)).content.decode())
    assert "<figcaption>单位拍的照片" in page
    assert f"这张照片由单位在{day(AT)}存入，申请人选用。" in page


def test_the_full_data_is_shown_after_a_logged_click_only(desk, reviewer, card_request):
    page = desk.post(url("disclose", card_request), REASON).content.decode()
    assert card_request.particulars.id_number in page
    assert card_request.particulars.address in page
    look = looks().get()
    assert (look.kind, look.subject_id, look.by) == (event_kinds.REQUEST, card_request.pk, reviewer)
    assert "社会保障号码" in look.facts["what"]
    assert look.reason == "与身份证影像核对号码"
    assert (
        card_request.particulars.id_number
        not in desk.get(url("change", card_request)).content.decode()
    )


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_shown_or_logged(desk, card_request, reason):
    page = desk.post(url("disclose", card_request), {"disclosure-reason": reason}).content.decode()
    assert card_request.particulars.id_number not in page
    assert "errorlist" in page
    assert not looks().exists()


def test_every_click_is_logged(desk, card_request):
    desk.post(url("disclose", card_request), REASON)
    desk.post(url("disclose", card_request), REASON)
    assert looks().count() == 2


def test_differences_from_the_roster_come_first_and_are_marked(desk, card_request):
    Holder.objects.filter(pk=card_request.holder_id).update(name="张越", ethnicity="03")
    rows = desk.get(url("change", card_request)).context["rows"]
    assert [row.label for row in rows if row.differs] == ["姓名", "民族", "手机号"]
    assert [row.differs for row in rows[:3]] == [True, True, True]
    assert (rows[0].given, rows[0].on_file) == ("张超", "张越")


def test_two_numbers_that_differ_under_the_mask_are_marked_all_the_same(desk, card_request):
    phone = card_request.particulars.phone
    twin = f"{phone[:5]}99{phone[7:]}"
    Holder.objects.filter(pk=card_request.holder_id).update(phone=twin)
    [row] = [
        r for r in desk.get(url("change", card_request)).context["rows"] if r.label == "手机号"
    ]
    assert row.given == row.on_file
    assert row.differs


def test_what_the_roster_does_not_say_is_no_difference(desk, card_request):
    Holder.objects.filter(pk=card_request.holder_id).update(occupation="", ethnicity="")
    rows = desk.get(url("change", card_request)).context["rows"]
    assert not [row for row in rows if row.differs and row.label in ("职业", "民族")]


def test_a_document_without_end_reads_long_term(desk, card_request):
    card_request.particulars.id_valid_until = "9999-12-31"
    card_request.particulars.save()
    assert "长期" in desk.get(url("change", card_request)).content.decode()


def test_the_page_shows_the_history_and_earlier_requests(desk):
    holder = make_holder()
    earlier = make_request(RequestStatus.ACCEPTED, holder=holder)
    reject(earlier, at=AT + timedelta(hours=1))
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder, at=AT + timedelta(hours=2))
    page = desk.get(url("change", card_request)).content.decode()
    assert earlier.reference in page
    assert "受理制卡申请" in page
    assert "照片不是本人" in desk.get(url("change", earlier)).content.decode()


def test_the_page_names_the_guardian(desk):
    guardian = make_holder(name="张超")
    card_request = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user
    )
    assert "代办的监护人：张超（父女）" in desk.get(url("change", card_request)).content.decode()


@pytest.mark.sampled
@pytest.mark.parametrize(
    "status", sorted(set(RequestStatus) - {RequestStatus.DRAFT, RequestStatus.DISCARDED})
)
def test_the_page_opens_in_every_status(desk, status):
    assert desk.get(url("change", make_request(status))).status_code == 200


def test_the_page_of_a_new_case_costs_five_queries(desk, django_assert_num_queries, card_request):
    """Session, account, permissions, case; and in one: absence, claim, calendar, next, last
    decision, number left, events, amendments, checks, payments.
    """
    make_request(RequestStatus.ACCEPTED, at=AT + timedelta(hours=1))  # the next one of the list
    with django_assert_num_queries(5):
        desk.get(url("change", card_request))


@pytest.mark.parametrize("number", [2, 6])
def test_the_page_costs_as_many_queries_however_much_there_is(
    desk, django_assert_num_queries, number
):
    holder = make_holder()
    for hours in range(number):
        earlier = make_request(
            RequestStatus.ACCEPTED, holder=holder, at=AT + timedelta(hours=hours)
        )
        reject(earlier, at=AT + timedelta(hours=hours, minutes=30))
    at = AT + timedelta(hours=number)
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder, at=at)
    make_request(RequestStatus.ACCEPTED, at=at + timedelta(hours=1))
    for _ in range(number):
        make_face_check(card_request)
        desk.post(url("disclose", card_request), REASON)
    with django_assert_num_queries(7):  # and the other requests and the cards of the person
        desk.get(url("change", card_request))


@pytest.mark.parametrize("page", ["list", "index", "case", "disclosures"])
def test_no_page_holds_inline_style_or_script(desk, card_request, page, django_user_model):
    django_user_model.objects.update(is_superuser=True)
    address = {
        "list": reverse("admin:cards_cardrequest_changelist"),
        "index": reverse("admin:index"),
        "case": url("change", card_request),
        "disclosures": reverse("admin:events_event_changelist"),
    }[page]
    response = desk.get(address)
    html = response.content.decode()
    assert response.status_code == 200
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    assert not re.findall(r"<script(?![^>]*\bsrc=)", html)


def test_the_page_shows_how_the_applicant_was_verified_with_the_score(desk, card_request):
    make_face_check(
        card_request, status=CheckStatus.PENDING, outcome=CheckOutcome.REFUSED, score=0.71
    )
    make_face_check(card_request, score=0.5312)
    undecided = {"outcome": CheckOutcome.PENDING, "method": "", "decided_at": None}
    make_face_check(card_request, status=CheckStatus.PENDING, **undecided)
    response = desk.get(url("change", card_request))
    assert [check.outcome for check in response.context["checks"]] == ["UNCERTAIN", "REFUSED"]
    page = response.content.decode()
    assert "人脸核验" in page
    assert "<strong>通过，像不像请审核老师看</strong>" in page
    assert "<b>0.53</b>" in page
    assert "低于 0.45 判为相似" in page


def test_a_case_without_an_identity_check_says_so(desk, card_request):
    assert "这件申请没有身份核验记录。" in desk.get(url("change", card_request)).content.decode()


def test_the_address_of_the_parcel_is_hidden_until_the_logged_click(desk, card_request):
    make_parcel(card_request)
    page = desk.get(url("change", card_request)).content.decode()
    assert "山东省济南市***" in page
    assert "10.00 元" in page
    for secret in ("文化东路", "13911112222"):
        assert secret not in page
    page = desk.post(url("disclose", card_request), REASON).content.decode()
    assert "山东省济南市文化东路 88 号" in page
    assert "13911112222" in page


def test_a_suspension_that_has_ended_reads_active_before_the_worker_ran(desk, admin_client):
    """Reached long after the end of the seven days; nobody has written the expiry down."""
    card = make_card(CardStatus.SUSPENDED, at=AT - timedelta(days=3650))
    card_request = card.card_request

    page = desk.get(url("change", card_request)).content.decode()
    assert "· 正常（" in page
    assert reverse("loss_report:usable", args=[card.reference]) in page

    listed = admin_client.get(reverse("admin:cards_card_changelist")).content.decode()
    assert "正常" in listed
    assert '<td class="field-status_now">临时挂失' not in listed
