"""Asks a running portal for its health: `python -m sbk_portal.probe [http://127.0.0.1:8000]`.

The Host header is that of PORTAL_URL, which is in ALLOWED_HOSTS wherever the web process listens.
"""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

# The call stays on this machine, so it does not use a proxy from the environment.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def is_healthy(address: str, *, timeout: float = 5.0) -> bool:
    """Whether the portal at `address` (scheme, host and port) answers and says it is well."""
    host = urlsplit(os.environ.get("PORTAL_URL") or address).netloc
    request = urllib.request.Request(f"{address}/healthz", headers={"Host": host})  # noqa: S310
    try:
        with _opener.open(request, timeout=timeout) as answer:
            return answer.status == 200
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(not is_healthy(*(sys.argv[1:] or ["http://127.0.0.1:8000"])))
