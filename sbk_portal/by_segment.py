"""Addresses of all rooms, found by their first segment.

Django asks one room after the other whether an address is one of its own, and some 130 patterns for
the sign-in page. Here only the patterns are asked that the first segment of the address can match.
"""

from functools import cached_property

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RoutePattern


class BySegment(URLResolver):
    """An entry of `urlpatterns` that stands for all of `patterns`, and finds what they would find.

    A pattern that may match several first segments is asked for each address, in its turn.
    """

    def __init__(self, patterns):
        super().__init__(RoutePattern("", is_endpoint=False), list(patterns))

    def resolve(self, path):
        segment = str(path).partition("/")[0]
        resolver = self._by_segment.get(segment)
        return resolver.resolve(path) if resolver else super().resolve(path)

    @cached_property
    def _by_segment(self):
        """First segment → a resolver of the patterns that can match it, in their order."""
        begins = [(pattern, first_segments(pattern)) for pattern in self.url_patterns]
        known = {segment for _, segments in begins for segment in segments or ()}
        return {
            segment: URLResolver(
                self.pattern,
                [one for one, segments in begins if segments is None or segment in segments],
            )
            for segment in known
        }


def first_segments(pattern):
    """The first segments that addresses of `pattern` can have; None if they are not all known."""
    route, is_whole = _beginning(pattern)
    if route is None:
        return None
    segment, slash, _ = route.partition("/")
    if slash or (is_whole and segment == route):
        return None if "<" in segment else {segment}
    if route or isinstance(pattern, URLPattern):
        return None  # the first segment goes on in what is included
    inner = [first_segments(one) for one in pattern.url_patterns]
    return None if None in inner else set().union(*inner)


def _beginning(pattern):
    """(the route of `pattern`, whether it ends there); the route is None where it is no route."""
    own = pattern.pattern
    return (str(own) if isinstance(own, RoutePattern) else None), isinstance(pattern, URLPattern)
