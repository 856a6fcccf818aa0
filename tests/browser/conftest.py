import pytest
from django.conf import settings
from django.test import Client


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
