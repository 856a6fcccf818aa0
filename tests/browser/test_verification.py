"""The identity check in a real browser, with a drawn person before its camera."""

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.verification import services
from apps.verification.enums import CheckOutcome, Purpose
from tests.browser.camera import launch_with, write_y4m
from tests.chromium import PHONE
from tests.factories.people import make_holder
from tests.verification.samples import OTHER, PERSON, encoded, person, selfie

pytestmark = [pytest.mark.browser, pytest.mark.faces, pytest.mark.django_db(transaction=True)]

CONFIRM = "核验，继续办理"


@pytest.fixture
def check():
    photo = ContentFile(encoded(person(PERSON)), name="roster.jpg")
    holder = make_holder(reference_photo=photo)
    return services.begin(
        holder=holder,
        by=holder.user,
        purpose=Purpose.APPLY,
        card_request=None,
        next_url=reverse("home:home"),
        at=timezone.now(),
    )


@pytest.fixture
def before_the_camera(chromium, live_server, check, tmp_path):
    """`before_the_camera(image)`: a page of a signed-in phone whose camera sees `image`."""
    browsers = []

    def open_page(image):
        film = tmp_path / "camera.y4m"
        write_y4m(film, image)
        browser = launch_with(chromium, film)
        browsers.append(browser)
        context = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="zh-CN")
        client = Client()
        client.force_login(check.by)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return context.new_page()

    yield open_page
    for browser in browsers:
        browser.close()


def take_picture(page, check):
    page.goto(reverse("verification:start", args=[check.reference]))
    page.get_by_role("link", name="刷脸").click()
    page.get_by_role("button", name="打开摄像头").click()
    page.get_by_role("button", name="拍照", exact=True).click()
    expect(page.get_by_role("button", name="重拍")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=CONFIRM).click()


@pytest.mark.slow
def test_a_picture_that_was_taken_stays_when_the_consent_is_missing(
    before_the_camera, check, live_server, assert_accessible
):
    page = before_the_camera(selfie(PERSON, size=(640, 480)))
    page.goto(f"{reverse('verification:start', args=[check.reference])}?way=face")
    page.get_by_role("button", name="打开摄像头").click()
    page.get_by_role("button", name="拍照", exact=True).click()
    expect(page.get_by_role("button", name="重拍")).to_be_visible()
    page.get_by_role("button", name=CONFIRM).click()
    expect(page.get_by_text("不用重选")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=CONFIRM).click()
    expect(page).to_have_url(f"{live_server.url}/")


def test_the_person_on_file_passes_by_camera(before_the_camera, check, live_server):
    page = before_the_camera(selfie(PERSON, size=(640, 480)))
    take_picture(page, check)
    expect(page).to_have_url(f"{live_server.url}/")
    check.refresh_from_db()
    assert check.outcome == CheckOutcome.PASSED


@pytest.mark.slow
def test_another_person_is_led_to_the_code(before_the_camera, check, assert_accessible):
    page = before_the_camera(selfie(OTHER, size=(640, 480)))
    take_picture(page, check)
    expect(page.get_by_text("不够相似")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="短信验证码").click()
    expect(page.get_by_label("短信验证码")).to_be_visible()
    assert_accessible(page)
    check.refresh_from_db()
    assert check.outcome == CheckOutcome.REFUSED
