"""Each particular beside what the roster, the number itself and the request before say of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.events.models import Event
from apps.people.models import Holder
from apps.requests.models import Particulars
from apps.review.evidence import EvidenceVerdict
from apps.typed_text import id_numbers
from apps.verification import portrait_measures
from tests.factories.cards import AT, COMPLETE, make_calm, make_request, reject
from tests.factories.checks import make_face_check
from tests.factories.people import make_holder, make_ward
from tests.factories.regions import make_bank, make_city

pytestmark = pytest.mark.django_db


def page(desk, card_request):
    return desk.get(reverse("admin:cards_cardrequest_change", args=[card_request.reference]))


def rows(desk, card_request):
    return {row.label: row for row in page(desk, card_request).context["rows"]}


@pytest.fixture
def card_request(db):
    return make_request(RequestStatus.ACCEPTED, holder=make_holder(phone=COMPLETE["phone"]))


def test_what_the_number_says_stands_beside_what_was_given(desk, card_request):
    found = rows(desk, card_request)
    assert found["社会保障号码"].number.text == "校验位正确"
    assert found["出生日期"].number.text == "一致"
    assert "1985年6月15日" not in str(found["出生日期"])
    assert found["性别"].number.text == "男"
    assert found["提交时的年龄"].number.text == "41 周岁"
    assert not [row for row in found.values() if row.differs]


def test_a_birth_date_and_sex_other_than_the_number_s_are_differences(desk, card_request):
    Particulars.objects.filter(card_request=card_request).update(birth_date="1975-06-15", sex="2")
    found = rows(desk, card_request)
    assert found["出生日期"].number.differs
    assert found["出生日期"].number.text == "1985-**-**"
    assert found["提交时的年龄"].number.differs
    assert found["性别"].number.differs


def test_a_wrong_check_character_is_a_difference(desk, card_request):
    number = card_request.particulars.id_number
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    particulars = card_request.particulars
    particulars.id_number = wrong
    particulars.save()
    assert rows(desk, card_request)["社会保障号码"].number.text == "校验位不对"


@pytest.mark.parametrize("text", ["E12345678", "", "11010119990230001X", "12345678901234567"])
def test_a_number_of_another_structure_says_nothing(text):
    assert id_numbers.told_by(text) is None


def test_differences_come_first_and_what_nobody_knows_last(desk, card_request):
    Holder.objects.filter(pk=card_request.holder_id).update(occupation="3000000")
    order = [row.verdict for row in page(desk, card_request).context["rows"]]
    assert order == sorted(order, key=list(EvidenceVerdict).index)
    assert order[0] == EvidenceVerdict.DIFFERS
    assert order[-1] == EvidenceVerdict.UNKNOWN


def test_the_request_before_says_what_name_phone_city_and_bank_were(desk):
    holder = make_holder(phone=COMPLETE["phone"])
    bank = make_bank("95588", "中国工商银行")
    city = make_city("370300", "淄博市", banks=[bank])
    earlier = make_request(RequestStatus.ACCEPTED, holder=holder, city=city, bank=bank)
    Particulars.objects.filter(card_request=earlier).update(name="张越")
    reject(earlier, at=AT + timedelta(hours=1))
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder, at=AT + timedelta(hours=2))
    found = rows(desk, card_request)
    assert (found["姓名"].earlier.text, found["姓名"].earlier.differs) == ("张越", True)
    assert found["发卡银行"].earlier.text == "中国工商银行"
    assert found["申领地区"].verdict == EvidenceVerdict.DIFFERS
    assert found["手机号"].verdict == EvidenceVerdict.AGREES
    assert rows(desk, earlier)["发卡银行"].verdict == EvidenceVerdict.UNKNOWN


def test_a_child_s_phone_is_compared_with_the_guardian_s(desk):
    guardian = make_holder(phone="13900000001")
    card_request = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user
    )
    row = rows(desk, card_request)["手机号"]
    assert (row.roster.text, row.differs) == ("139****0001", True)


def test_the_relation_follows_from_both_sexes(desk):
    guardian = make_holder()
    card_request = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user
    )
    assert rows(desk, card_request)["监护关系"].verdict == EvidenceVerdict.AGREES
    Particulars.objects.filter(card_request=card_request).update(guardian_relation="4")
    row = rows(desk, card_request)["监护关系"]
    assert (row.given, row.roster.text, row.differs) == ("母女", "父女", True)


def test_what_needs_a_look_stands_on_the_page(desk):
    calm = make_calm()
    assert "需要留意" not in page(desk, calm).content.decode()
    Holder.objects.filter(pk=calm.holder_id).update(phone="13900000001")
    assert "手机号与人事名册登记的不同" in page(desk, calm).content.decode()


FOUND = [
    {"rule": "face_width", "is_ok": True, "text": "人脸大小合适", "measured": {"width": 203.4}},
    {
        "rule": "eyes",
        "is_ok": False,
        "text": "眼睛位置偏低",
        "measured": {"left_x": 133, "left_y": 240, "right_x": 225, "right_y": 242},
    },
    {"rule": "hair", "is_ok": False, "text": "头顶离上边太远", "measured": {"y": 30.4}},
]


def test_the_measures_are_said_in_words_with_what_was_found():
    overlay = portrait_measures.overlay(FOUND)
    found = {measure.number: (measure.found, measure.is_ok) for measure in overlay.measures}
    assert found == {1: (30, False), 2: (203, True), 3: (179, True), 4: (200, False)}
    assert (overlay.face, overlay.top) == ((77.3, 280.7), 30.4)


@pytest.mark.parametrize("findings", [[], [{"rule": "eyes", "is_ok": True, "text": "合适"}]])
def test_a_portrait_without_measurements_shows_the_standard_only(findings):
    overlay = portrait_measures.overlay(findings)
    assert (overlay.eyes, overlay.face) == (None, None)
    assert len(overlay.measures) == 4


def test_the_standard_s_lines_lie_over_the_portrait(desk, card_request):
    Particulars.objects.filter(card_request=card_request).update(portrait_findings=FOUND)
    html = page(desk, card_request).content.decode()
    assert '<svg class="case-overlay"' in html
    assert "量得 203" in html
    assert "不合标准" in html


@pytest.mark.parametrize(("score", "meaning"), [(0.3, "相似"), (0.5, "不能确定"), (0.7, "不同")])
def test_the_score_stands_on_a_scale_with_words(desk, card_request, score, meaning):
    make_face_check(card_request, score=score)
    assert f"人脸距离 {score:.2f}，{meaning}" in page(desk, card_request).content.decode()


@pytest.mark.parametrize("number", [2, 6])
def test_the_page_costs_the_same_with_2_and_6_earlier_requests(
    desk, number, django_assert_max_num_queries
):
    holder = make_holder()
    for hours in range(number):
        earlier = make_request(
            RequestStatus.ACCEPTED, holder=holder, at=AT + timedelta(hours=2 * hours)
        )
        reject(earlier, at=AT + timedelta(hours=2 * hours + 1))
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder, at=AT + timedelta(hours=99))
    with django_assert_max_num_queries(30):
        page(desk, card_request)


def test_what_a_guardian_registered_is_not_called_the_roster(desk):
    guardian = make_holder()
    card_request = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user
    )
    row = rows(desk, card_request)["姓名"]
    assert (row.roster.text, row.verdict) == ("", EvidenceVerdict.REGISTERED)
    Holder.objects.filter(pk=card_request.holder_id).update(name="另一个名字")
    html = page(desk, card_request).content.decode()
    assert "孩子不在人事名册中" in html
    assert rows(desk, card_request)["姓名"].differs


def claim(desk, card_request):
    desk.post(reverse("admin:cards_cardrequest_claim", args=[card_request.reference]))


def test_whoever_holds_the_case_reads_what_differs_and_that_is_a_look(desk, card_request):
    Particulars.objects.filter(card_request=card_request).update(birth_date="1975-06-15")
    claim(desk, card_request)
    before = Event.objects.looks().count()
    found = rows(desk, card_request)
    assert found["出生日期"].given == "1975年6月15日"
    assert found["出生日期"].number.text == "1985年6月15日"
    [look] = Event.objects.looks()[before:]
    assert look.facts["what"] == "出生日期"
    assert look.reason == "领办后核对不一致的项"
    assert "*" in found["社会保障号码"].given


def test_the_same_differences_are_recorded_once_for_a_claim(desk, card_request):
    Particulars.objects.filter(card_request=card_request).update(birth_date="1975-06-15")
    claim(desk, card_request)
    for _ in range(3):
        rows(desk, card_request)
    assert Event.objects.looks().count() == 1


def test_nothing_is_opened_for_somebody_who_does_not_hold_the_case(desk, card_request):
    Particulars.objects.filter(card_request=card_request).update(birth_date="1975-06-15")
    assert rows(desk, card_request)["出生日期"].given == "***"
    assert not Event.objects.looks().exists()


def test_a_birth_date_on_which_all_agree_stays_hidden_from_whoever_holds_the_case(
    desk, card_request
):
    claim(desk, card_request)
    assert "不显示" in rows(desk, card_request)["出生日期"].given
    assert not Event.objects.looks().exists()
