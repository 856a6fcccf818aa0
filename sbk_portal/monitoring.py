"""How operators see the portal: its release, figures, alarms, log lines, the error tracker.

`settings` takes in every name of this file.
"""

import logging
import tempfile
from ipaddress import ip_network
from pathlib import Path

from sbk_portal.environment import EMBEDDED, VAR_DIR, check_networks, env

# --- Release ------------------------------------------------------------------------------------

# The name of what is installed, such as a tag; the page of the operators compares it between
# processes.
RELEASE: str = env.str("RELEASE", default="0.1.0")

# --- Figures (/metrics) -------------------------------------------------------------------------

# Who may read them: whoever names the token, or where none is set, a direct call (not by a proxy)
# from one of these networks. Others find no such page.
METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")
_networks: list[str] = env.list("METRICS_NETWORKS", default=["127.0.0.0/8", "::1/128"])
check_networks("METRICS_NETWORKS", _networks)
METRICS_NETWORKS = [ip_network(name) for name in _networks]
# Where the web processes of one machine put their counts together. Not shared between machines or
# containers, and best in memory.
METRICS_DIR = Path(
    env.str(
        "METRICS_DIR",
        default=str(VAR_DIR / "metrics")
        if EMBEDDED
        else str(Path(tempfile.gettempdir()) / "sbk-portal-metrics"),
    )
)

# --- Alarms -------------------------------------------------------------------------------------

# Who is told when something has to be done: addresses (by EMAIL_URL), and a URL that takes JSON by
# POST.
ALARM_EMAILS: list[str] = env.list("ALARM_EMAILS", default=[])
ALARM_WEBHOOK_URL: str = env.str("ALARM_WEBHOOK_URL", default="")

# --- Log lines ----------------------------------------------------------------------------------

# "json" for machines, "line" for people.
LOG_FORMAT: str = env.str("LOG_FORMAT", default="line" if EMBEDDED else "json")

# What each task does is written at the end of its row (apps/operations).
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_NOTICE_LOG_LEVEL = logging.DEBUG

# --- The error tracker --------------------------------------------------------------------------

# Where errors are reported (requirements/tracker.txt must be installed). Empty: nowhere.
SENTRY_DSN: str = env.str("SENTRY_DSN", default="")
