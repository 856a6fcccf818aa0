"""A code of an authenticator app counts once, for as long as it could be typed in again.

allauth forgets a used code after one period, but takes codes of the periods before and after: one
that was seen over a shoulder counted once more half a minute later (RFC 6238, section 5.2).
"""

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache


def _mark_code_used(self, code):
    periods = 2 * app_settings.TOTP_TOLERANCE + 1
    key = self._get_used_cache_key(code)
    return cache.add(key, "y", timeout=periods * app_settings.TOTP_PERIOD)


def install():
    TOTP._mark_code_used = _mark_code_used
