"""Errors are reported to the tracker that SENTRY_DSN names, scrubbed of everything personal.

The library is optional (requirements/tracker.txt) and imported only here.
"""

from importlib import import_module

from django.core.exceptions import ImproperlyConfigured

from apps.logs.privacy import redact

MOST_CHARACTERS = 200
# Which error, where in the code, and in what surroundings; nothing of who asked for what.
_KEPT = {
    *("event_id", "timestamp", "level", "logger", "platform", "release", "environment"),
    *("server_name", "sdk", "exception", "threads", "tags", "logentry", "message"),
}


def start(*, dsn, release, transport=None):
    """Report errors from now on. Raises ImproperlyConfigured when the library is not installed.

    `transport` takes the place of the connection to the tracker.
    """
    try:
        sentry_sdk = import_module("sentry_sdk")
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, and sentry-sdk is not installed (requirements/tracker.txt)"
        ) from None
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        transport=transport,
        before_send=scrubbed,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
    )


def scrubbed(event, hint=None):
    """`event` without bodies, cookies, headers, query strings, variables and users.

    Of messages the first line is kept, with numbers masked: the database adds lines with values.
    """
    kept = {name: value for name, value in event.items() if name in _KEPT}
    if "message" in kept:
        kept["message"] = _line(kept["message"])
    if "logentry" in kept:
        # What stood in for the parameters, without them.
        kept["logentry"] = {"message": _line(kept["logentry"].get("message"))}
    for chain in ("exception", "threads"):
        for one in (kept.get(chain) or {}).get("values") or ():
            if "value" in one:
                one["value"] = _line(one["value"])
            for frame in (one.get("stacktrace") or {}).get("frames") or ():
                frame.pop("vars", None)
    number = import_module("structlog").contextvars.get_contextvars().get("request_id")
    if number:
        tags = kept.get("tags")
        kept["tags"] = {**(tags if isinstance(tags, dict) else {}), "request_id": number}
    method = (event.get("request") or {}).get("method")
    if method:
        kept["request"] = {"method": method}
    return kept


def _line(text):
    first = str(text or "").strip().splitlines()[:1]
    return redact("".join(first))[:MOST_CHARACTERS]
