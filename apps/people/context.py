"""Template context: how a page looks, as its reader chose."""

from functools import cached_property

from apps.common import cookies
from apps.people.enums import Edition, Theme

THEME_COOKIE, EDITION_COOKIE = "theme", "edition"


class Look:
    """What the reader of `request` chose: the account's choice, else that of this browser.

    Read when a template asks, so that an answer without a page does not open the session.
    """

    def __init__(self, request):
        self._request = request

    @cached_property
    def theme(self):
        return self._choice(THEME_COOKIE, Theme, Theme.SYSTEM)

    @property
    def is_dark(self):
        return self.theme == Theme.DARK

    @property
    def is_light(self):
        return self.theme == Theme.LIGHT

    @cached_property
    def is_elder(self):
        """Whether the reader uses 长辈版."""
        return self._choice(EDITION_COOKIE, Edition, Edition.STANDARD) == Edition.ELDER

    def _choice(self, name, choices, default):
        of_account = getattr(getattr(self._request, "user", None), name, "")
        try:
            return choices(of_account or cookies.read(self._request, name))
        except ValueError:  # nothing, or what a cookie must not say
            return default


def look(request):
    """`look` on every page."""
    return {"look": Look(request)}
