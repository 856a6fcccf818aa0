"""`make deploy-check`: the whole production set on this machine, as docs/deployment.md says.

Runs each block marked `sh` of the section on systemd, word for word; only places, ports and the
name of the portal are others. PostgreSQL, Redis, nginx, web, workers and beat are the real ones,
with the units, settings and roles of deploy/. Then people use the portal over TLS, it is reloaded
under load, backed up and restored. At the end everything is stopped and removed.
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django
from django.conf import settings as django_settings

from tests.deployment import certificates, sms
from tests.deployment.units import is_running

ROOT = Path(__file__).resolve().parents[2]
PASSWORDS = {"admin": "an-administrator-2026", "T1001": "a-first-password-2026"}
ROSTER = (
    "工号,姓名,证件类型,社会保障号码,民族,手机号,部门,职业类别,在职状态,初始密码\n"
    "T1001,张超,居民身份证,379999198603120036,汉族,13800001001,图书馆,办事人员,在职,"
    f"{PASSWORDS['T1001']}\n"
)


class Machine:
    """Where everything of one run stands, and how the document's places are called here."""

    def __init__(self, folder, *, free_port):
        self.folder = folder
        self.app, self.etc, self.run = folder / "srv", folder / "etc", folder / "run"
        self.https, self.http, self.web, self.redis = (free_port() for _ in range(4))
        self.sms_port = free_port()
        self.url = f"https://localhost:{self.https}"
        self.is_root = os.geteuid() == 0
        self.account = "nobody" if self.is_root else _me()
        self.places = {
            "/srv/sbk-portal": self.app,
            "/etc/sbk-portal": self.etc,
            "/var/backups/sbk-portal": folder / "backups",
            "/tmp/roster.csv": folder / "roster.csv",  # noqa: S108
            "http://127.0.0.1:8000": f"http://127.0.0.1:{self.web}",
            "sbk.example.edu.cn": "localhost",
        }

    def environment(self, postgres):
        """For the commands of the document; the variables of deploy/install.sh among it."""
        folder = self.folder
        return {
            "PATH": f"{self.run / 'bin'}:{os.environ['PATH']}:/usr/sbin:/sbin",
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            "PGHOST": str(postgres.data),
            "PGPORT": str(postgres.port),
            "PGUSER": "postgres",
            "RUN": str(self.run),
            "RUN_DIR": str(self.run),
            "APP": str(self.app),
            "ETC": str(self.etc),
            "VAR": str(folder / "var"),
            "LOG": str(folder / "log"),
            "BACKUPS": str(folder / "backups"),
            "UNITS": str(folder / "units"),
            "NGINX_CONF": str(folder / "conf.d"),
            "LOGROTATE": str(folder / "logrotate"),
            "ACCOUNT": self.account,
            "WWW": self.account,
            "URL": self.url,
            "WEB_PORT": str(self.web),
            "HTTP_PORT": str(self.http),
            "HTTPS_PORT": str(self.https),
            "REDIS_PORT": str(self.redis),
            "DATABASE": f"127.0.0.1:{postgres.port}",
        }

    def prepare(self):
        """What the document says is there before its first command, and what stands for systemd."""
        self.folder.chmod(0o755)
        for name in ("home", "run/bin", "log", "srv"):
            (self.folder / name).mkdir(parents=True)
        self.run.chmod(0o777)
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file() and not name.startswith(("tests/", "docs/")):
                target = self.app / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target)
        (self.app / ".venv").symlink_to((ROOT / ".venv").resolve())
        if self.is_root and not self._serves_as(self.account):
            print(f"  (the account {self.account} cannot read this folder: root serves)")
            self.account = "root"
        self._stand_in("systemctl", f'exec "{sys.executable}" -m tests.deployment.units "$@"')
        self._stand_in("nginx", f'exec {_nginx()} -c "$RUN/nginx.conf" -e "$RUN/nginx.log" "$@"')
        if not self.is_root:
            self._stand_in("runuser", 'shift 3; exec "$@"')
        user = f"user {self.account};" if self.is_root else ""
        paths = "".join(
            f"{kind}_temp_path {self.run}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.run / "nginx.conf").write_text(
            f"{user} pid {self.run}/nginx.pid; worker_processes 2; events {{}}\n"
            f"http {{ types {{ text/html html; }} {paths} include {self.folder}/conf.d/*.conf; }}\n"
        )

    def _serves_as(self, account):
        python = self.app / ".venv" / "bin" / "python"
        group = pwd.getpwnam(account).pw_gid
        as_account = {"user": account, "group": group, "extra_groups": []}
        try:
            command = [python, "-c", "import django"]
            done = subprocess.run(
                command, cwd=self.app, check=False, capture_output=True, **as_account
            )
        except PermissionError:
            return False
        return done.returncode == 0

    def _stand_in(self, name, line):
        path = self.run / "bin" / name
        path.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}"; export PYTHONPATH\n{line}\n')
        path.chmod(0o755)

    def fill_in(self):
        """What an operator writes into portal.env, and the certificate that they were given."""
        keys = self.etc / "secrets"
        (keys / "SMS_GATEWAY_KEY").write_text("the key of the stand-in\n")
        subprocess.run(
            ["openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-out", keys / "CASHIER"],
            check=False,
            stderr=subprocess.DEVNULL,
        )
        (keys / "CASHIER").chmod(0o644)
        certificates.make(self.etc / "tls", self.folder / "ca.crt")
        with (self.etc / "portal.env").open("a") as file:
            file.write(
                "CARD_BUREAU=apps.bureau.adapters.simulated.SimulatedBureau\n"
                "PAYMENT_GATEWAY=sandbox\n"
                f"SANDBOX_CASHIER_KEY_FILE={keys}/CASHIER\n"
                f"SMS_GATEWAY_URL=http://127.0.0.1:{self.sms_port}/\n"
                f"REQUESTS_CA_BUNDLE={self.folder}/ca.crt\n"
                "DECISION_UNDO_MINUTES=0\nWEB_WORKERS=2\n"
            )

    def stop(self, env):
        """End everything that was started; nothing of it is left afterwards."""
        texts = [file.read_text().strip() for file in self.run.glob("*.pid")]
        pids = [int(text) for text in texts if text]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + 15
        while any(map(is_running, pids)) and time.monotonic() < until:
            time.sleep(0.1)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)


def blocks(title):
    """The blocks marked `sh` of a section of the document, in order."""
    text = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    section = text[text.index(f"\n## {title}") :].split("\n## ")[1]
    found = re.findall(r"^```sh\n(.*?)^```$", section, flags=re.M | re.S)
    return found or sys.exit(f"docs/deployment.md: {title} has lost its blocks")


def run_document(machine, env, title):
    """Every block of the section, each in a shell of its own."""
    for number, block in enumerate(blocks(title), 1):
        for place, here in machine.places.items():
            block = block.replace(place, str(here))
        script = machine.run / f"block-{number}.sh"
        script.write_text(f"set -euo pipefail\n{block}")
        began = time.monotonic()
        if "daemon-reload" in block:
            machine.fill_in()
        done = subprocess.run(
            ["bash", script],
            cwd=machine.app,
            env=env,
            input=f"{PASSWORDS['admin']}\n",
            text=True,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=1200,
        )
        print(f"  block {number}: {time.monotonic() - began:.1f} s  {block.splitlines()[0]}")
        if done.returncode:
            sys.exit(f"{block}\n{done.stdout}\nended with {done.returncode}")


def main():
    with running() as (machine, env, messages):
        from tests.deployment import story  # noqa: PLC0415 (it reads the settings)

        story.tell(machine, env, messages)
        run_document(machine, env, "五、")
    print("部署检查通过。")


@contextlib.contextmanager
def running(roster=lambda: ROSTER):
    """The installed portal with the people of `roster()`.

    Gives its machine, the environment of commands, and the messages that it sends.
    """
    # Being stopped goes by way of all that is cleaned up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbk_portal.settings")
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="var-"))
        os.environ["SBK_VAR_DIR"] = scratch
        django.setup()
        assert django_settings.EMBEDDED, "unset SBK_MODE"
        # Only now: they read the settings.
        from tests.faults.postgres_server import own_postgres  # noqa: PLC0415
        from tests.processes import free_port  # noqa: PLC0415

        folder = Path(tempfile.mkdtemp(prefix="deploy-check-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        machine = Machine(folder, free_port=free_port)
        machine.prepare()
        (folder / "roster.csv").write_text(roster())
        postgres = stack.enter_context(
            own_postgres(
                superuser="postgres",
                host_auth="scram-sha-256",
                conf=ROOT / "deploy" / "postgres" / "portal.conf",
                max_connections=100,
                shared_buffers="32MB",
            )
        )
        machine.postgres = postgres
        env = machine.environment(postgres)
        stack.callback(machine.stop, env)
        messages = stack.enter_context(sms.gateway(machine.sms_port))
        run_document(machine, env, "三、")
        yield machine, env, messages


def _me():
    return subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()


def _nginx():
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    return found or sys.exit("nginx is missing: install it (apt-get install nginx-light)")


if __name__ == "__main__":
    main()
