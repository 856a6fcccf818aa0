"""A room that offers another way to sign in lists it; the sign-in page leads there."""

from django.urls import reverse

from apps.common import navigation
from apps.common.navigation import NavigationEntry, NavigationPlace


def test_it_stands_beside_the_password_and_keeps_where_one_wanted_to_go(client, db, monkeypatch):
    page = reverse("account_login")
    assert "不用记这里的密码" not in client.get(page).content.decode()
    entry = NavigationEntry(NavigationPlace.SIGN_IN, 10, "用短信验证码登录", "regions:areas")
    entries = [*navigation._entries(), entry]
    monkeypatch.setattr(navigation, "_entries", lambda: entries)
    html = client.get(page, {"next": "/apply/"}).content.decode()
    assert f'<a class="btn line" href="{entry.url}?next=/apply/">用短信验证码登录</a>' in html
