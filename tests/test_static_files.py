"""Styles and scripts are served with their headers, and looked at when they are asked for."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from sbk_portal.static_files import StaticFilesMiddleware

GZIP = {"accept-encoding": "gzip"}
STYLE = b"body { color: black }" * 99


@pytest.fixture
def collected(tmp_path, settings):
    """A collected folder with one style, compressed too, below a page that answers 204."""
    settings.STATIC_ROOT, settings.WHITENOISE_USE_FINDERS = tmp_path / "static", False
    settings.WHITENOISE_AUTOREFRESH = False
    folder = settings.STATIC_ROOT / "css"
    folder.mkdir(parents=True)
    (folder / "base.css").write_bytes(STYLE)
    (folder / "base.css.gz").write_bytes(gzip.compress(STYLE))
    (tmp_path / "secret.css").write_bytes(STYLE)
    return StaticFilesMiddleware(lambda request: HttpResponse(status=204))


def get(middleware, path, **headers):
    request = RequestFactory(headers=headers).get("/")
    request.path_info = path
    return middleware(request)


def test_a_file_is_served_compressed_to_whom_takes_it(collected):
    plain, small = (get(collected, "/static/css/base.css", **each) for each in ({}, GZIP))
    assert (plain["Content-Type"], plain["Content-Length"]) == (
        'text/css; charset="utf-8"',
        str(len(STYLE)),
    )
    assert "max-age" in plain["Cache-Control"]
    assert (small["Content-Encoding"], small["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(b"".join(small.streaming_content)) == STYLE


def test_it_is_looked_at_once(collected, monkeypatch):
    assert collected.files == {}
    get(collected, "/static/css/base.css")
    monkeypatch.setattr(collected, "find_file", None)
    assert get(collected, "/static/css/base.css").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret.css",
        "/static/css/../../secret.css",
        "/static//secret.css",
        "/static/css\\base.css",
        "/static/css",
        "/static/css/",
        "/static/css/base.css.gz",
        "/static/css/none.css",
        "/static/\0",
        "/css/base.css",
        "/",
    ],
)
def test_everything_else_is_a_page(collected, path):
    assert get(collected, path).status_code == 204
    assert collected.files == {}, "what is not there is not kept"


def test_files_that_are_not_collected_are_found(settings, collected):
    settings.WHITENOISE_USE_FINDERS = True
    found = StaticFilesMiddleware(lambda request: HttpResponse(status=204))
    assert get(found, "/static/css/base.css").status_code == 200
    assert get(found, "/static/admin/js/core.js").status_code == 200
    assert get(found, "/static/admin/js/none.js").status_code == 204
