"""A moment that a page carried along, as it comes back from the browser."""

from django.utils.dateparse import parse_datetime

_YEARS = range(2000, 9999)  # beyond them no time zone can be applied


def parse(text):
    """The moment in ISO 8601 with its offset; None for whatever was made of it meanwhile."""
    try:
        moment = parse_datetime(text)
    except ValueError:  # written like a moment, on a day that does not exist
        return None
    if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
        return None
    return moment
