"""Addresses are found by their first segment, and what is found is what Django would find."""

import re

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, include, path, re_path
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RoutePattern

from sbk_portal.by_segment import BySegment, first_segments


def view(request, **kwargs):
    return HttpResponse()


def answer(resolver, address):
    """What `resolver` finds for `address`, as far as a request sees it."""
    try:
        match = resolver.resolve(address)
    except Resolver404:
        return None
    return match.func, match.args, match.kwargs, match.view_name, match.route, match.app_names


def addresses(patterns, before=""):
    """An address of each route of `patterns`, with something in the place of what changes."""
    for pattern in patterns:
        route = before + re.sub(r"<[^>]*>", "7", str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from addresses(pattern.url_patterns, route)


def plain(patterns):
    return URLResolver(RoutePattern("", is_endpoint=False), list(patterns))


def test_each_address_of_the_portal_leads_where_django_leads_it():
    [by_segment] = get_resolver().url_patterns
    django_s = plain(by_segment.url_patterns)
    found = sorted(set(addresses(by_segment.url_patterns)))
    assert len(found) > 200
    odd = ["", "nothing/", "progress", "progress/a/b/c/", "admin", "accounts/", "livez/", "/"]
    for address in [*found, *odd]:
        assert answer(by_segment, address) == answer(django_s, address), address


@pytest.mark.parametrize(
    ("pattern", "segments"),
    [
        (path("", view), {""}),
        (path("livez", view), {"livez"}),
        (path("apply/<str:reference>/", view), {"apply"}),
        (path("<str:word>/", view), None),
        (path("<str:word>", view), None),
        (path("a-<int:number>/", view), None),
        (path("apply/", include([path("<int:number>/", view)])), {"apply"}),
        (path("", include([path("a/", view), path("b/c/", view)])), {"a", "b"}),
        (path("", include([path("a/", view), path("<int:number>/", view)])), None),
        (path("a", include([path("b/", view)])), None),
        (re_path("^a/", view), None),
    ],
)
def test_the_first_segments_of_a_pattern(pattern, segments):
    assert first_segments(pattern) == segments


def test_what_may_be_any_segment_is_asked_in_its_turn():
    patterns = [
        path("a/", view, name="before"),
        re_path("^(?P<word>[ab])/$", view, name="any"),
        path("b/", view, name="behind"),
    ]
    by_segment = BySegment(patterns)
    for address in ("a/", "b/", "c/"):
        assert answer(by_segment, address) == answer(plain(patterns), address)
    assert by_segment.resolve("b/").url_name == "any"
