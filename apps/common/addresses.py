"""Addresses of pages that are asked for many times on one page, as `reverse` gives them.

Where a name leads does not change while a process runs, so each is looked up once.
"""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

from apps.common.references import LENGTH

_PLACE = "0" * LENGTH  # no reference has a 0


def page_url(view_name):
    """The address of the page `view_name`, which takes no arguments."""
    return _url_of(view_name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


def row_url(view_name, reference, *others):
    """The address of the page `view_name` of one row; `others` are words that stand after it."""
    urlconf = get_urlconf() or settings.ROOT_URLCONF
    return _url_of(view_name, urlconf, get_script_prefix(), _PLACE, *others).replace(
        _PLACE, reference
    )


@lru_cache(maxsize=1024)
def _url_of(view_name, urlconf, script_prefix, *args):
    return reverse(view_name, urlconf, args=args)
