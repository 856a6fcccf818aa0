"""Its link on the sign-in page, and where a password may be asked for once more."""

from django.conf import settings

from apps.common.navigation import NavigationEntry, NavigationPlace


def _has_cas(context):
    return bool(settings.CAS_SERVER_URL)


def _has_oidc(context):
    return bool(settings.OIDC_ISSUER_URL)


ENTRIES = tuple(
    NavigationEntry(
        place, order, settings.SINGLE_SIGN_ON_NAME, f"single_sign_on:{way}", is_shown=is_shown
    )
    for place in (NavigationPlace.SIGN_IN, NavigationPlace.CONFIRM)
    for order, way, is_shown in ((10, "cas", _has_cas), (20, "oidc", _has_oidc))
)
