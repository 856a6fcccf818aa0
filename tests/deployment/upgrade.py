"""An earlier commit's demo town is upgraded to this one, and the earlier program goes on with it.

    python -m tests.deployment.upgrade COMMIT

The data are made by the program of COMMIT, in a folder of its own. Then this program migrates them,
finds them sound, and everybody's pages answer. Then the program of COMMIT runs on the migrated
data, as after a rollback (docs/deployment.md): its rules hold and its pages answer too. Both use
the libraries of this environment.
"""

import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from sbk_portal.environment import BASE_DIR
from tests.demo_portal import NOT_PASSED_ON

# Run by either program: what both have had from the beginning.
WALK = """
from django.test import Client
from apps.people.models import User
bad = []
for user in User.objects.filter(is_active=True).order_by("pk"):
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="apps.sign_in.backend.EmployeeNumberOrPhoneBackend")
    paths = ("/", "/matters/", "/progress/", "/records/", "/messages/")
    for path in (*paths, "/admin/") if user.is_staff else paths:
        answer = client.get(path, follow=True)
        if answer.status_code != 200:
            bad.append(f"{user.employee_number} {path} {answer.status_code}")
print(*bad, sep="\\n")
raise SystemExit(bool(bad))
"""

# What the workers would have done by now, so that nothing that is due is left undone.
WORK = """
from sbk_portal.celery import app
app.loader.import_default_modules()
for entry in app.conf.beat_schedule.values():
    app.tasks[entry["task"]].apply(entry.get("args"), entry.get("kwargs"), throw=True)
"""


class Program:
    """The program in the folder `tree`, with the data in `var`."""

    def __init__(self, tree, var):
        self.tree = tree
        env = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        # Without quiet hours: at night the messages would wait for the morning.
        self._env = env | {"SBK_VAR_DIR": str(var), "SBK_DEMO": "true", "QUIET_HOURS": ""}
        self._env["LOG_LEVEL"] = "ERROR"

    def manage(self, *words):
        print(f"▸ {self.tree.name}: manage.py {words[0]}", flush=True)
        subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "manage.py", *words], cwd=self.tree, env=self._env, check=True
        )

    def check(self):
        """Do what is due, find the data sound, and open everybody's pages."""
        self.manage("shell", "--verbosity=0", f"--command={WORK}")
        self.manage("verify_integrity")
        self.manage("shell", "--verbosity=0", f"--command={WALK}")


def main(commit):
    with TemporaryDirectory(prefix="upgrade-") as folder:
        earlier = Path(folder) / "earlier"
        archive = subprocess.run(  # noqa: S603
            ["git", "archive", commit],  # noqa: S607
            cwd=BASE_DIR,
            capture_output=True,
            check=True,
        ).stdout
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            files.extractall(earlier, filter="data")
        var = Path(folder) / "var"
        before, now = Program(earlier, var), Program(BASE_DIR, var)
        before.manage("migrate", "--verbosity=0")
        before.manage("load_regions")
        before.manage("demo_town")
        now.manage("migrate", "--verbosity=1")
        now.check()
        before.check()
    print(f"Upgraded from {commit}, and back without touching the data.")


if __name__ == "__main__":
    main(*sys.argv[1:])
