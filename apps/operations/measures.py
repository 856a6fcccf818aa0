"""What a web process counts for /metrics. Imported at the first request only."""

from prometheus_client import Counter, Histogram

REQUESTS = Counter(
    "portal_requests",
    "Requests answered, by view and class of status.",
    ["view", "status"],
)
DURATIONS = Histogram(
    "portal_request_seconds",
    "Time to answer a request, by view.",
    ["view"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0),
)


def note_request(*, view, status, seconds):
    """Count one request; `view` is "" where no view was found."""
    name = view or "none"
    REQUESTS.labels(name, f"{status // 100}xx").inc()
    DURATIONS.labels(name).observe(seconds)
