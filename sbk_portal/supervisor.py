"""Runs several processes: prefixes their output, restarts them, and ends all of them cleanly.

It does not use Django; `manage.py serve` says what to run.
"""

import contextlib
import fcntl
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Protocol

LOOK_EVERY = 0.1  # seconds
GRACE = 8.0  # seconds that children have to end by themselves
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a dead child is started again
SETTLED_AFTER = 60.0  # seconds after which a child's next death counts as its first
ONE_PRESS = 0.5  # seconds in which several signals count as one wish to stop
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class AlreadyRunning(Exception):
    """Another process holds the lock; its process id is the argument (0 when unknown)."""


class Failed(Exception):
    """A step ended with an error, or a child before everything was ready; carries its name."""


@contextlib.contextmanager
def sole_run(path: Path) -> Iterator[bool]:
    """Hold the lock file; yields whether the run before this one ended without tidying up.

    The lock is the system's and goes with the process, so a stale file never blocks a start.
    Raises `AlreadyRunning`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        file.seek(0)
        former = file.read().strip()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(int(former or 0)) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield bool(former)
        file.truncate(0)


def port_is_free(host: str, port: int, *, patience: float = 0.0) -> bool:
    """Whether one can listen there, now or within `patience` seconds."""
    until = time.monotonic() + patience
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                if time.monotonic() >= until:
                    return False
            else:
                return True
        time.sleep(LOOK_EVERY)


class Process(Protocol):
    """What is used of a process that runs; the code is None until it has ended."""

    pid: int
    returncode: int | None

    @property
    def stdout(self) -> IO[bytes] | None: ...
    def poll(self) -> int | None: ...
    def wait(self) -> int | None: ...
    def terminate(self) -> None: ...


def launch(arguments: list[str], *, env: dict[str, str], cwd: Path, is_read: bool) -> Process:
    """Run the module or script `arguments[0]`; its output can be read, if `is_read`.

    It has a session of its own: Ctrl-C reaches only us, and we end the children in order.
    """
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "sbk_portal.child", str(os.getpid()), *arguments],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if is_read else None,
        stderr=subprocess.STDOUT if is_read else None,
        start_new_session=True,
    )


class Child:
    """A command that is kept running."""

    def __init__(self, name: str, arguments: list[str]):
        self.name = name
        self.arguments = arguments
        self.process: Process | None = None
        self.started_at = 0.0
        self.start_again_at = 0.0
        self.pause = FIRST_PAUSE


class StopRequest:
    """The wish to stop, by a signal or by `set`.

    Each wish is a byte in a pipe. For a signal the interpreter's own handler writes it
    (`signal.set_wakeup_fd`), before any Python code runs: no lock is taken there, so a signal that
    arrives while another one is handled is not lost and blocks nothing.
    """

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        os.set_blocking(self._write_end, False)
        for end in (self._read_end, self._write_end):
            weakref.finalize(self, os.close, end)
        self._arrivals = select.poll()
        self._arrivals.register(self._read_end, select.POLLIN)
        self.count = 0  # wishes that were read so far

    def listen(self) -> None:
        """Have `SIGNALS` count as wishes from now on. To be called in the main thread."""
        signal.set_wakeup_fd(self._write_end, warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, _do_nothing)

    def end(self) -> None:
        """Hear no more signals. The pipe stays: output may still be relayed."""
        signal.set_wakeup_fd(-1)

    def set(self) -> None:
        """Wish to stop; from any thread."""
        with contextlib.suppress(BlockingIOError):  # full of wishes
            os.write(self._write_end, b"\0")

    def wait(self, seconds: float, *, beyond: int = 0) -> bool:
        """Wait `seconds` at most; whether more than `beyond` wishes have come by then."""
        if self.count <= beyond and self._arrivals.poll(seconds * 1000):
            self.count += len(os.read(self._read_end, 4096))
        return self.count > beyond


def _do_nothing(number: int, frame: object) -> None:
    """The byte is in the pipe already."""


class Supervisor:
    """Runs steps to their end, then children side by side, until a signal comes.

    `arguments` of a step or child are those of `python -m` (or the path of a script and its
    arguments); `launch` starts them. Use as a context manager: leaving it ends whatever still runs.
    """

    def __init__(self, *, env: dict[str, str], cwd: Path, launch: Callable[..., Process] = launch):
        self.env = {**env, "PYTHONUNBUFFERED": "1"}
        self.cwd = cwd
        self.launch = launch
        self.children: list[Child] = []
        self.stop_asked = StopRequest()
        self._running: list[Process] = []
        self._printing = threading.Lock()

    def __enter__(self) -> "Supervisor":
        self.stop_asked.listen()
        return self

    def __exit__(self, *exception: object) -> None:
        self._end_all()
        self.stop_asked.end()

    def say(self, line: str) -> None:
        with self._printing:
            try:
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
            except OSError:  # nobody reads the output any more
                self.stop_asked.set()

    def steps(self, *steps: list[str]) -> bool:
        """Run them side by side to the end; False when asked to stop meanwhile. Raises `Failed`."""
        begun = [(self._spawn(arguments, is_read=False), arguments) for arguments in steps]
        for process, arguments in begun:
            while process.poll() is None:
                if self.stop_asked.wait(LOOK_EVERY):
                    return False
            self._running.remove(process)
            if process.returncode:
                raise Failed(arguments[-1])
        return not self.stop_asked.wait(0)

    def keep(
        self,
        commands: dict[str, list[str]],
        *,
        is_ready: Callable[[], bool],
        when_ready: Callable[[], None],
    ) -> None:
        """Keep the named commands running until asked to stop.

        `is_ready` is asked again and again until it says yes; until then a child that ends raises
        `Failed`, afterwards it is started again, later each time.
        """
        self.children = [Child(name, arguments) for name, arguments in commands.items()]
        for child in self.children:
            self._start(child)
        ready = False
        while not self.stop_asked.wait(LOOK_EVERY):
            for child in self.children:
                self._look_after(child, ready=ready)
            if not ready and is_ready():
                ready = True
                when_ready()

    def _look_after(self, child: Child, *, ready: bool) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_again_at:
                self._start(child)
            return
        code = child.process.poll()
        if code is None:
            return
        self._running.remove(child.process)
        self._kill_group(child.process)  # what it may have forked
        child.process = None
        if not ready:
            raise Failed(child.name)
        if now - child.started_at > SETTLED_AFTER:
            child.pause = FIRST_PAUSE
        self.say(f"[{child.name}] 意外结束（{code}），{child.pause:g} 秒后重新启动。")
        child.start_again_at = now + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def _start(self, child: Child) -> None:
        process = self._spawn(child.arguments, is_read=True)
        child.process, child.started_at = process, time.monotonic()
        threading.Thread(target=self._relay, args=(child.name, process), daemon=True).start()

    def _spawn(self, arguments: list[str], *, is_read: bool) -> Process:
        with self._printing:  # no thread holds a lock while a process is copied
            process = self.launch(arguments, env=self.env, cwd=self.cwd, is_read=is_read)
        self._running.append(process)
        return process

    def _relay(self, name: str, process: Process) -> None:
        assert process.stdout is not None  # noqa: S101
        for line in process.stdout:
            self.say(f"[{name}] {line.decode(errors='replace').rstrip()}")

    def _end_all(self) -> None:
        for process in self._running:
            process.terminate()
        begun = time.monotonic()
        wishes = self.stop_asked.count
        while any(process.poll() is None for process in self._running):
            is_again = self.stop_asked.wait(LOOK_EVERY, beyond=wishes)
            if is_again and time.monotonic() - begun > ONE_PRESS:
                break  # a second Ctrl-C ends the wait
            wishes = self.stop_asked.count
            if time.monotonic() - begun > GRACE:
                break
        for process in self._running:
            self._kill_group(process)
            process.wait()

    @staticmethod
    def _kill_group(process: Process) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
