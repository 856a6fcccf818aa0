"""The texts of the agreements, open to everybody."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.people import consents
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
        "people/consent_text.html",
        {
            "kind": consent,
            "text": consents.text(consent),
            "version": consents.version(consent),
            "operator": settings.PORTAL_OPERATOR,
        },
    )
