"""How gunicorn serves the portal; the one file for systemd, the container and a start by hand.

    gunicorn --config deploy/gunicorn.conf.py

WEB_BIND, WEB_WORKERS and WEB_THREADS change what depends on the machine.
"""

import gc
import os
import sys
from pathlib import Path

wsgi_app = "sbk_portal.wsgi"
bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")

# Threads, because a request waits for the database most of its time. A worker takes about 150 MB,
# twice as much once it has compared faces. It is gthread, with our page for what it refuses.
worker_class = "sbk_portal.web_worker.PortalWorker"
workers = int(os.environ.get("WEB_WORKERS") or min(len(os.sched_getaffinity(0)) + 1, 9))
threads = int(os.environ.get("WEB_THREADS") or 8)  # not more than DB_POOL: each needs a connection

# Seconds. A worker without a sign of life is killed; one that is asked to end (a reload, a stop)
# finishes its requests first. nginx keeps idle connections for 60 s, so they must live longer here.
timeout = 60
graceful_timeout = 30
keepalive = 75
backlog = 512

# What leaks is given back: a worker ends after so many requests, and not all at once.
max_requests = 20_000
max_requests_jitter = 2_000

# Bytes, and number of headers. Bodies are limited by the proxy and by the application.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# The heartbeat of the workers stays in memory: a slow disk must not look like a hung worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True  # it would stand in a home folder, which the service has not
errorlog = "-"
accesslog = None  # the proxy writes one

# Where each worker that is ready leaves a file, for deploy/reload-web.
_ready = os.environ.get("WEB_READY_DIR")


def on_starting(server):
    for file in Path(_ready).iterdir() if _ready else ():
        file.unlink()


def post_fork(server, worker):
    # Loading leaves hardly any garbage, and looking for it takes a fifth of the start.
    gc.disable()


def post_worker_init(worker):
    gc.freeze()  # what was loaded stays: no request looks through it again
    gc.enable()
    # Loaded by the portal's own application, and not by another one that is served with this file.
    if portal := sys.modules.get("apps.operations.middleware"):
        portal.keep_alive_without_requests()
    if _ready:
        Path(_ready, str(worker.pid)).touch()


def child_exit(server, worker):
    if _ready:
        Path(_ready, str(worker.pid)).unlink(missing_ok=True)
