"""The decision page in Chromium: decided by keyboard, previewed while one types."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.people.models import Holder
from apps.phrasebook.models import REJECTION, Phrase
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.cards import ROSTER_PHOTO, make_request
from tests.factories.checks import make_face_check
from tests.factories.inquiries import make_inquiry
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_ward
from tests.review.steps import resubmit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"width": 1280, "height": 800}


@pytest.fixture
def cases(filed_portrait):
    """Two requests that wait."""
    now = timezone.now()
    return [
        make_request(RequestStatus.ACCEPTED, at=now - timedelta(hours=hours)) for hours in (2, 1)
    ]


@pytest.fixture
def desk(signed_in):
    """`desk(case, viewport)`: the page of a case as a reviewer opens it."""
    reviewer = make_holder(name="李审", user=make_reviewer())

    def open_case(card_request, viewport=WIDE):
        page = signed_in(reviewer, viewport=viewport)
        page.goto(reverse("admin:cards_cardrequest_change", args=[card_request.reference]))
        page.wait_for_load_state()
        return page

    return open_case


def status(card_request):
    card_request.refresh_from_db()
    return card_request.status


@pytest.mark.smoke
def test_a_case_is_claimed_and_approved_by_keyboard_and_the_next_one_opens(
    desk, cases, assert_accessible
):
    first, second = cases
    page = desk(first)
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    approve = page.get_by_role("button", name="审核通过", exact=True)
    expect(approve).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("a")
    expect(approve).to_be_focused()
    assert status(first) == RequestStatus.ACCEPTED
    page.keyboard.press("Enter")
    expect(page.get_by_text("刚办的：审核通过")).to_be_visible()
    expect(page).to_have_url(reverse("admin:cards_cardrequest_change", args=[second.reference]))
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert status(first) == RequestStatus.APPROVED


@pytest.mark.slow
def test_a_phrase_and_its_preview_take_two_keys_and_typing_is_no_command(desk, cases):
    card_request, phrase = cases[0], "照片不是本人，请用本人近期照片重新申请"
    Phrase.objects.get_or_create(topic=REJECTION, text=phrase, defaults={"position": 1})
    page = desk(card_request)
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="审核不通过")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    reason = page.get_by_label("不通过的原因")
    expect(reason).to_have_value(phrase)
    page.keyboard.type("man")
    expect(reason).to_have_value(f"{phrase}man")
    expect(page.get_by_text(f"申请审核不通过：{phrase}man。").first).to_be_visible()
    assert status(card_request) == RequestStatus.ACCEPTED
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("刚办的：审核不通过")).to_be_visible()
    assert status(card_request) == RequestStatus.REJECTED


@pytest.mark.slow
def test_the_keys_are_explained_and_can_be_switched_off_for_good(desk, cases, assert_accessible):
    page = desk(cases[0])
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="快捷键")
    expect(dialog).to_be_visible()
    assert_accessible(page)
    dialog.get_by_role("checkbox").uncheck()
    dialog.get_by_role("button", name="关闭").click()
    expect(page.locator(".key-hint")).to_have_count(0)
    page.reload()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="领办这件")).not_to_be_focused()
    page.get_by_role("button", name="快捷键").click()
    dialog.get_by_role("checkbox").check()
    expect(page.locator(".key-hint").first).to_be_attached()


def an_adult():
    """Three things differ from the roster."""
    card_request = make_request(RequestStatus.ACCEPTED, at=timezone.now())
    Holder.objects.filter(pk=card_request.holder_id).update(name="张越", ethnicity="03")
    return card_request


def a_child():
    guardian = make_holder(name="王大力")
    child = {"holder": make_ward(guardian), "by": guardian.user}
    return make_request(RequestStatus.ACCEPTED, at=timezone.now(), **child)


def a_resubmitted_one():
    """Changed by the applicant, and still three things differ."""
    card_request = an_adult()
    resubmit(card_request, at=timezone.now())
    return card_request


def one_with_an_uncertain_face():
    """The face is neither alike nor different, and three things differ."""
    card_request = an_adult()
    Holder.objects.filter(pk=card_request.holder_id).update(reference_photo=ROSTER_PHOTO)
    make_face_check(card_request, score=0.52)
    return card_request


def one_asked_about():
    """The applicant asked for a change while somebody read it, and three things differ."""
    card_request, reader, now = an_adult(), make_reviewer(), timezone.now()
    claims.claim(subject=card_request, by=reader, at=now)
    text = "手机号写错了一位，最后一位应该是 3。住址写的是老家的，请改成学校宿舍的。"
    make_inquiry(card_request, at=now, fields=("phone", "address"), text=text)
    claims.release(subject=card_request, by=reader, at=now)
    return card_request


@pytest.mark.slow
@pytest.mark.parametrize(
    "make", [an_adult, a_child, a_resubmitted_one, one_with_an_uncertain_face, one_asked_about]
)
def test_all_that_a_decision_needs_is_seen_without_scrolling(
    desk, filed_portrait, make, assert_accessible
):
    page = desk(make())
    page.get_by_role("button", name="领办这件").click()
    words = "答复申请人" if make is one_asked_about else "审核通过"
    decide = page.get_by_role("button", name=words, exact=True)
    expect(decide).to_be_visible()
    needed = [
        page.get_by_alt_text("申请人上传的制证照片"),
        page.locator(".case-face").last,
        page.locator(".case-risks"),
        decide,
        page.get_by_role("heading", name="退回修改"),
        page.get_by_role("heading", name="审核不通过"),
        *page.locator(".evidence tr.differs").all(),
        *page.get_by_role("region", name="申请人修改了什么").all(),
        *page.get_by_role("region", name="申请人请求修改").all(),
    ]
    if make is a_child:
        needed.append(page.get_by_text("监护人 王大力（父女）"))
    if make is one_with_an_uncertain_face:
        needed.append(page.get_by_text("人脸距离 0.52 不能确定"))
    for viewport in (WIDE, {"width": 1920, "height": 1080}):
        page.set_viewport_size(viewport)
        for part in needed:
            expect(part).to_be_in_viewport(ratio=1)
    portrait, evidence = (
        page.locator(part).bounding_box() for part in (".case-portrait", ".evidence")
    )
    assert portrait["x"] + portrait["width"] <= evidence["x"], "side by side on a wide screen"
    page.set_viewport_size(PHONE)
    assert_fits(page)
    assert_accessible(page)


@pytest.mark.slow
def test_a_supervisor_adds_a_phrase(signed_in, assert_accessible, transactional_db):
    supervisor = make_holder(name="王主管", user=make_colleague(roles.SUPERVISOR))
    page = signed_in(supervisor, viewport=DESKTOP)
    page.goto(reverse("admin:phrasebook_phrase_changelist"))
    assert_accessible(page)
    page.get_by_label("添加一句到手机号").fill("手机号是别人的，请填写本人的")
    page.get_by_role("button", name="添加到手机号").click()
    expect(page.get_by_text("已在「手机号」里添加一句。")).to_be_visible()
    assert Phrase.objects.filter(text="手机号是别人的，请填写本人的").exists()
    page.set_viewport_size(PHONE)
    assert_fits(page)
    assert_accessible(page)
