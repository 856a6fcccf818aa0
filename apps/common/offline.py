"""What the portal shows without a network: one page without anybody's data, and the script for it.

The service worker keeps that page and its sheets, and nothing else: no page of a person is ever
kept on a device.
"""

import hashlib

from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.common.addresses import page_url

FILES = (
    *(f"css/{name}.css" for name in ("tokens", "dark", "base", "components", "portal/layout")),
    "img/logo.svg",
    "img/note-bad.svg",  # beside the words of a form that could not be sent
)


@require_safe
def offline_page(request):
    """The page that stands in for any other while there is no network. It knows no reader."""
    return HttpResponse(loader.get_template("offline.html").render())


@never_cache
@require_safe
def service_worker(request):
    """The script that answers while there is no network; at the root, so that it covers all."""
    kept = [page_url("offline"), *map(static, FILES)]
    version = hashlib.sha256(" ".join(kept).encode()).hexdigest()[:12]
    context = {"kept": kept, "version": version, "page": page_url("offline")}
    return render(request, "service_worker.js", context, content_type="text/javascript")
