"""Addresses that the portal itself handed out, of things that are not there any more.

Such an address stands in a bookmark, a message or another window. Its page says what it was and
where to go on. It says the same where there never was such a thing, or it belongs to somebody else.
"""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse


@dataclass(frozen=True)
class WhatIsGone:
    """`title` and `text` say what it was and why it may be gone.

    `go` are the words of the link to the page with the URL name `page` and its arguments `args`.
    """

    title: str
    text: str
    go: str
    page: str
    args: tuple = ()

    @property
    def url(self):
        return reverse(self.page, args=self.args)


class Gone(Http404):
    """Answered by the page of 404, which shows `what`, a `WhatIsGone`."""

    def __init__(self, what):
        super().__init__(what.title)
        self.what = what


def get_or_gone(rows, what, **lookup):
    """The one of `rows`, a queryset, with `lookup`. Raises `Gone`."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise Gone(what)
    return found
