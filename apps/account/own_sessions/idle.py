"""A session that nobody uses ends: at the desk after `settings.DESK_IDLE`, else `PORTAL_IDLE`.

When it was last used stands in a signed cookie, so that a page costs no statement for it. What a
page asks by itself (static/js/polling.js) is no use.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import signing
from django.http import HttpResponse
from django.utils.crypto import salted_hmac

from apps.common import cookies
from apps.common.pages import asks_by_itself
from apps.sign_in.session_store import BEGAN_AT

_SALT = "account.used"
_WRITTEN_EVERY = timedelta(seconds=10)


class IdlePlace(NamedTuple):
    cookie: str
    setting: str

    @property
    def rest(self) -> timedelta:
        return getattr(settings, self.setting)


DESK = IdlePlace("desk_used", "DESK_IDLE")
PORTAL = IdlePlace("used", "PORTAL_IDLE")


def is_over(request, place, *, at):
    """Whether nobody has used `place` in the session of `request` for too long."""
    return seconds_left(request, place, at=at) <= 0


def seconds_left(request, place, *, at):
    """Whole seconds until the session ends if nobody uses `place` any more."""
    used_at = _used_at(request, place, at=at)
    return int((used_at + place.rest - at).total_seconds())


def answer(request, place, *, at):
    """How many seconds are left: static/js/session_end.js asks, or says that somebody is here."""
    is_asked = asks_by_itself(request)
    left = seconds_left(request, place, at=at) if is_asked else int(place.rest.total_seconds())
    return HttpResponse(str(left), content_type="text/plain; charset=utf-8")


def note_use(request, response, place, *, at):
    """Remember in the browser that `place` is used at `at`."""
    if asks_by_itself(request):
        return
    used_at = _read(request, place)
    if used_at is not None and timedelta(0) <= at - used_at < _WRITTEN_EVERY:
        return
    sealed = signing.dumps([_name_of(request), at.isoformat()], salt=_SALT)
    cookies.keep(response, place.cookie, sealed)


def _used_at(request, place, *, at):
    """When `place` was last used in this session.

    The desk is entered later than the portal, and every page of the desk is one of the portal. So
    without its cookie that of the portal counts, and without both the sign-in: whoever deletes a
    cookie gains nothing by it.
    """
    for one in (place, PORTAL):
        used_at = _read(request, one)
        if used_at is not None:
            return used_at
    left = request.session.get_session_cookie_age()
    return at - timedelta(seconds=settings.SESSION_COOKIE_AGE - left)


def _read(request, place):
    try:
        name, used_at = signing.loads(cookies.read(request, place.cookie), salt=_SALT)
    except signing.BadSignature:
        return None
    return datetime.fromisoformat(used_at) if name == _name_of(request) else None


def _name_of(request):
    """Stands for what began with one sign-in, whatever key the session has got since."""
    session = request.session
    began = f"{session.get(SESSION_KEY)}:{session.get(BEGAN_AT) or session.session_key}"
    return salted_hmac(_SALT, began).hexdigest()[:16]
