"""Asks a running portal for its health.

    python -m sbk_portal.probe http://127.0.0.1:8000     the web process
    python -m sbk_portal.probe beat                      beat, by the file it touches at every tick

The Host header is that of PORTAL_URL, which is in ALLOWED_HOSTS wherever the web process listens.
"""

import os
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

BEAT_IS_QUIET_AFTER = 60.0  # seconds

# The call stays on this machine, so it does not use a proxy from the environment.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def is_healthy(address: str, *, timeout: float = 5.0) -> bool:
    """Whether the portal at `address` (scheme, host and port) answers and says it is well."""
    host = urlsplit(os.environ.get("PORTAL_URL") or address).netloc
    request = urllib.request.Request(f"{address}/readyz", headers={"Host": host})  # noqa: S310
    try:
        with _opener.open(request, timeout=timeout) as answer:
            return answer.status == 200
    except OSError:
        return False


def beat_is_alive(pulse: Path) -> bool:
    """Whether beat has touched the file `pulse` within the last minute."""
    try:
        return abs(time.time() - pulse.stat().st_mtime) < BEAT_IS_QUIET_AFTER
    except OSError:
        return False


def main(what: str = "http://127.0.0.1:8000") -> bool:
    if what == "beat":
        return beat_is_alive(Path(os.environ.get("SBK_VAR_DIR", "var"), "beat-pulse"))
    return is_healthy(what)


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:]))
