"""Python code in processes of their own, each with the environment that a test names.

They are forked from one process that has imported the libraries of the portal and none of its
modules: a start then costs a tenth of what a new interpreter does.
"""

import json
import subprocess
import sys
from functools import cache

from django.conf import settings

_SERVER = """
import json, os, sys, tempfile, traceback

import celery.app, csp.constants, django.conf, django.core.exceptions, django.urls, environ
import cryptography.hazmat.primitives.asymmetric.rsa, kombu.transport.filesystem

for line in sys.stdin:
    order = json.loads(line)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.environ.clear()
            os.environ.update(order["env"])
            code = 0
            try:
                exec(order["code"], {"__name__": "__main__"})
            except BaseException:
                traceback.print_exc()
                code = 1
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode())
    ended = {"returncode": os.waitstatus_to_exitcode(status), "stdout": said[0], "stderr": said[1]}
    print(json.dumps(ended), flush=True)
"""


@cache
def _server():
    """It ends with its standard input, at the latest with the process of the tests."""
    return subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def run(code, *, env):
    """Run `code` where `env` is all of the environment: `CompletedProcess` with its texts."""
    server = _server()
    server.stdin.write(json.dumps({"code": code, "env": env}) + "\n")
    server.stdin.flush()
    ended = json.loads(server.stdout.readline())
    return subprocess.CompletedProcess(code, **ended)
