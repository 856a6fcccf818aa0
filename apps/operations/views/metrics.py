"""/metrics for Prometheus. The library is imported with this file, at the first request."""

import hmac
import os
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from apps.common.health import database_errors
from apps.operations import measures, metric_files
from apps.operations.figures import PortalFigures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
assert measures  # its counters belong to REGISTRY  # noqa: S101


class _Up:
    def __init__(self, is_up):
        self.is_up = is_up

    def collect(self):
        yield GaugeMetricFamily(
            "portal_database_up", "Whether the database answers.", value=int(self.is_up)
        )


@require_safe
@never_cache
def metrics(request):
    """The figures of all web processes of this machine, and of the database. 404 for others."""
    if not _may_read(request):
        raise Http404
    figures = CollectorRegistry()
    try:
        figures.register(PortalFigures(timezone.now()))
        known = generate_latest(figures)
    except database_errors():
        known = b""
    up = CollectorRegistry()
    up.register(_Up(bool(known)))
    content = generate_latest(_requests()) + known + generate_latest(up)
    return HttpResponse(content, content_type=CONTENT_TYPE)


def _requests():
    """What was counted, by all processes where they count together."""
    folder = os.environ.get(metric_files.FOLDER_VARIABLE)
    if not folder:
        return REGISTRY
    metric_files.add_up_ended(Path(folder))
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=folder)
    return registry


def _may_read(request):
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # A proxy calls from this machine for everybody, and names for whom.
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a socket of the system
        return False
    return any(address in network for network in settings.METRICS_NETWORKS)
