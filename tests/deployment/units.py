"""Stands for systemctl where systemd does not run: does what the units of deploy/systemd say.

`python -m tests.deployment.units VERB [UNIT]`, with the folders in the environment: UNITS holds the
units, RUN what is known of running ones. It knows the directives that the units use to start, stop
and reload processes, and hands over credentials; the hardening is left out.
"""

import contextlib
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

UNITS, RUN = Path(os.environ.get("UNITS", "/")), Path(os.environ.get("RUN", "/"))
READY_WITHIN = 150  # seconds, on a slow and busy machine


class Unit:
    def __init__(self, name):
        self.name = name
        template = re.sub(r"@[^.]*", "@", name)
        self.instance = name.partition("@")[2].rpartition(".")[0]
        self.values = {}
        for line in (UNITS / template).read_text().splitlines():
            if "=" in line and not line.startswith(("#", "[")):
                key, _, value = line.partition("=")
                self.values.setdefault(key, []).append(self._specified(value))

    def _specified(self, value):
        return value.replace("%i", self.instance).replace("%H", socket.gethostname())

    def one(self, key, default=""):
        return self.values.get(key, [default])[-1]

    @property
    def pid_file(self):
        return RUN / f"{self.name}.pid"

    @property
    def pid(self):
        return int(self.pid_file.read_text()) if self.pid_file.exists() else None

    def environment(self):
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
        env |= dict(pair.split("=", 1) for pair in self.values.get("Environment", []))
        for line in self.values.get("EnvironmentFile", []):
            for pair in Path(line).read_text().splitlines():
                if "=" in pair and not pair.startswith("#"):
                    key, _, value = pair.partition("=")
                    env[key] = value.strip("'\"")
        return env | self._credentials()

    def _credentials(self):
        if "LoadCredential" not in self.values:
            return {}
        folder = RUN / f"{self.name}.credentials"
        folder.mkdir(mode=0o700, exist_ok=True)
        for pair in self.values["LoadCredential"]:
            name, _, path = pair.partition(":")
            shutil.copy(path, folder / name)
        if os.geteuid() == 0:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, self.one("User"), self.one("Group"))
        return {"CREDENTIALS_DIRECTORY": str(folder)}

    def command(self, line, env):
        def value(found):
            return env.get(found[1], "")

        return [re.sub(r"\$\{(\w+)\}", value, word) for word in shlex.split(line)]

    def spawn(self, line, env):
        if folder := self.one("RuntimeDirectory"):
            (RUN / folder).mkdir(exist_ok=True)
            if os.geteuid() == 0:
                shutil.chown(RUN / folder, self.one("User"), self.one("Group"))
        account = pwd.getpwnam(self.one("User"))
        as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        with (RUN / f"{self.name}.log").open("ab") as log:
            return subprocess.Popen(
                self.command(line, env),
                cwd=self.one("WorkingDirectory", "/"),
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                umask=int(self.one("UMask", "0022"), 8),
                start_new_session=True,
                **(as_account if os.geteuid() == 0 else {}),
            )

    def start(self):
        if self.name.endswith(".timer"):
            return
        if self.name.endswith(".target"):
            for line in self.values["Wants"]:
                for wanted in line.split():
                    Unit(wanted).start()
            return
        env = self.environment()
        if self.one("Type") == "oneshot":
            for line in self.values["ExecStart"]:
                if code := self.spawn(line, env).wait():
                    sys.exit(f"{self.name} failed ({code}):\n{self.log()}")
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            address = RUN / f"{self.name}.notify"
            address.unlink(missing_ok=True)
            ready.bind(str(address))
            address.chmod(0o777)
            process = self.spawn(self.one("ExecStart"), env | {"NOTIFY_SOCKET": str(address)})
            self.pid_file.write_text(str(process.pid))
            if self.one("Type") == "notify":
                self._wait_until_ready(ready, process)

    def _wait_until_ready(self, ready, process):
        ready.settimeout(0.2)
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and process.poll() is None:
            try:
                if b"READY=1" in ready.recv(4096):
                    return
            except TimeoutError:
                continue
        sys.exit(f"{self.name} did not say that it is ready:\n{self.log()}")

    def log(self):
        return (RUN / f"{self.name}.log").read_text(errors="replace")[-4000:]

    def reload(self):
        env = self.environment() | {"MAINPID": str(self.pid)}
        line = self.one("ExecReload").replace("$MAINPID", str(self.pid))
        subprocess.run(self.command(line, env), env=env, check=True)

    def stop(self):
        if self.pid is None or not is_running(self.pid):
            return
        os.kill(self.pid, signal.SIGTERM)
        until = time.monotonic() + 20
        while is_running(self.pid) and time.monotonic() < until:
            time.sleep(0.1)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.pid_file.unlink()


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def nginx(*arguments):
    command = ["nginx", "-c", str(RUN / "nginx.conf"), "-e", str(RUN / "nginx.log"), *arguments]
    subprocess.run(command, check=True)


def main(verb, *names):
    names = [name for name in names if not name.startswith("-")]
    if verb == "daemon-reload":
        return
    for name in names:
        if name == "nginx":
            pid = RUN / "nginx.pid"  # left empty by `nginx -t`
            if pid.exists() and pid.read_text().strip():
                nginx("-s", "reload")
            else:
                nginx()
            continue
        unit = Unit(name if "." in name else f"{name}.service")
        {"start": unit.start, "enable": unit.start, "stop": unit.stop, "reload": unit.reload}[
            verb
        ]()


if __name__ == "__main__":
    main(*sys.argv[1:])
