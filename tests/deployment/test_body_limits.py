"""The proxies let through what the application takes, page by page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

DEPLOY = Path(settings.BASE_DIR) / "deploy"
_MIB = 1024 * 1024
# Page → the bytes of files that it takes.
TAKES = {
    reverse("children:register"): settings.PROOF_MAX_PICTURES * settings.PICTURE_MAX_BYTES,
    reverse("admin:roster_rosterupload_photos"): settings.PHOTO_ARCHIVE_MAX_BYTES,
}


def of_nginx():
    text = (DEPLOY / "nginx/sbk-portal.conf").read_text()
    found = re.findall(r"location = (\S+) \{[^}]*client_max_body_size (\d+)m;", text)
    return {path: int(size) * _MIB for path, size in found}


def of_caddy():
    text = (DEPLOY / "caddy/Caddyfile").read_text()
    paths = dict(re.findall(r"@(\w+) path (\S+)\n", text))
    sizes = re.findall(r"request_body @(\w+) \{\s*max_size (\d+)MiB", text)
    return {paths[name]: int(size) * _MIB for name, size in sizes if name in paths}


@pytest.mark.parametrize("limits", [of_nginx, of_caddy])
def test_pages_that_take_more_have_a_limit_of_their_own_a_little_above_it(limits):
    found = limits()
    assert found.keys() == TAKES.keys()
    assert all(0 < found[path] - size <= 5 * _MIB for path, size in TAKES.items())


def test_a_slow_body_waits_at_the_proxy_and_not_in_a_thread():
    nginx = (DEPLOY / "nginx/sbk-portal.conf").read_text()
    assert "proxy_request_buffering on;" in nginx
    assert "proxy_request_buffering off" not in nginx
    caddy = (DEPLOY / "caddy/Caddyfile").read_text()
    [others] = re.findall(r"request_body @others \{\s*max_size (\d+)MiB", caddy)
    assert f"request_buffers {others}MiB" in caddy
