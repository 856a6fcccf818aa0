"""The portal's own cookies: no script reads them, and no other host or page can set them."""

from django.conf import settings

_PREFIX = "__Host-"  # a browser takes such a cookie over TLS only, of this host and for all paths


def name_of(cookie):
    """What `cookie` is called in a browser; without TLS, as on one's own machine, its bare name."""
    return f"{_PREFIX}{cookie}" if settings.SESSION_COOKIE_SECURE else cookie


def read(request, cookie):
    """The value that the browser sent; "" without one."""
    return request.COOKIES.get(name_of(cookie), "")


def keep(response, cookie, value, *, max_age=None):
    """Let the browser keep `value` for `max_age` (seconds or a timedelta), or while it is open."""
    response.set_cookie(
        name_of(cookie),
        value,
        max_age=max_age,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
