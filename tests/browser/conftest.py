from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client

from tests.browser.camera import launch_with, write_y4m
from tests.chromium import PATIENCE, PHONE
from tests.factories.people import make_holder
from tests.factories.regions import make_bank, make_city, make_county
from tests.verification.samples import PERSON, encoded, person


@pytest.fixture
def signed_in(open_page, live_server):
    """`signed_in(holder, viewport=PHONE)`: a page in a context of its own, signed in.

    Takes the options of Playwright's `new_context`.
    """

    def signed_in(holder, **options):
        client = Client()
        client.force_login(holder.user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page = open_page(**options)
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )
        return page

    return signed_in


@pytest.fixture
def town(transactional_db):
    jinan = make_city(banks=[make_bank(), make_bank("95588", "中国工商银行")])
    make_county(city=jinan)
    make_county("370303", "张店区", city=make_city("370300", "淄博市"))
    return jinan


@pytest.fixture
def holder(town):
    """A member of the staff whose photo HR has on file."""
    photo = ContentFile(encoded(person(PERSON, size=(480, 600))), name="roster.jpg")
    return make_holder(reference_photo=photo)


@pytest.fixture
def proposals(settings, town):
    """The institution has a city and a bank of its own, which the pages propose."""
    settings.INSTITUTION_CITY, settings.INSTITUTION_BANK = town.pk, "95533"


@pytest.fixture
def one_address(live_server, settings):
    """Portal and cashier call each other at the live server."""
    settings.PORTAL_URL = live_server.url


@pytest.fixture
def quick_bureau(settings):
    """A card bureau that makes and sends a card while one waits, at once after the approval."""
    settings.DECISION_UNDO_WINDOW = timedelta(0)
    nothing = settings.SIMULATED_BUREAU_PRODUCTION * 0
    settings.SIMULATED_BUREAU_PRODUCTION = settings.SIMULATED_BUREAU_DISPATCH = nothing


@pytest.fixture
def before_the_camera(chromium, live_server, tmp_path, console_errors):
    """`before_the_camera(image)`: a phone whose camera sees `image`."""
    browsers = []

    def open_page(image):
        film = tmp_path / "camera.y4m"
        write_y4m(film, image)
        browser = launch_with(chromium, film)
        browsers.append(browser)
        context = browser.new_context(
            base_url=live_server.url,
            viewport=PHONE,
            has_touch=True,
            is_mobile=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(PATIENCE)
        context.on(
            "console",
            lambda message: message.type == "error" and console_errors.append(message.text),
        )
        context.on("weberror", lambda error: console_errors.append(str(error.error)))
        return context.new_page()

    yield open_page
    for browser in browsers:
        browser.close()
    assert console_errors == []
