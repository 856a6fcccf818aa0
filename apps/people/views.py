"""The texts of the agreements, open to everybody, and two doors around the sign-in page."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.http import require_safe

from apps.people.consents import VERSIONS
from apps.people.enums import ConsentKind


@require_safe
def consent_text(request, kind):
    """One agreement; `kind` is the value of a `ConsentKind` in lower case."""
    try:
        consent = ConsentKind(kind.upper())
    except ValueError:
        raise Http404 from None
    return render(
        request,
        f"people/consents/{consent.lower()}.html",
        {"kind": consent, "version": VERSIONS[consent], "operator": settings.PORTAL_OPERATOR},
    )


def admin_sign_in(request):
    """The admin's own sign-in page would know no lock-out, so the way leads to the portal's."""
    if request.user.is_authenticated:
        raise PermissionDenied
    after = request.GET.get("next") or resolve_url("admin:index")
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': after})}")


def too_many_requests(request, exception=None):
    """What allauth shows from an address that knocks too often."""
    return render(request, "account/too_many_requests.html", status=429)
