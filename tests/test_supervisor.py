"""The supervisor of `manage.py serve` alone: signals, and children that die or do not end."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings

from sbk_portal import forked, supervisor
from tests.processes import processes, wait_until

STAYS = "import os, time; os.write(1, b'up %d\\n' % os.getpid()); time.sleep(60)"
DIES = "print('up', flush=True); raise SystemExit(3)"
FORKS = f"import os; os.fork(); {STAYS}"
IGNORES = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STAYS}"


PRESSES_TWICE = """
import os, random, signal, sys, time
from pathlib import Path
from sbk_portal import supervisor

for turn in range(int(sys.argv[1])):
    with supervisor.Supervisor(env={}, cwd=Path(".")) as processes:
        parent, pause = os.getpid(), random.random() * 0.0002
        child = os.fork()
        if child == 0:
            time.sleep(0.002)
            os.kill(parent, signal.SIGTERM)
            until = time.perf_counter() + pause
            while time.perf_counter() < until:
                pass
            os.kill(parent, signal.SIGTERM)
            os._exit(0)
        processes.keep({}, is_ready=lambda: True, when_ready=lambda: None)
        os.waitpid(child, 0)
    print("stopped", flush=True)
"""


@pytest.mark.slow
def test_two_signals_at_once_always_end_it():
    """An Event that was set in the handler hung at one of two hundred such pairs."""
    times = 1000
    ended = subprocess.run(
        [sys.executable, "-c", PRESSES_TWICE, str(times)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.stdout.count("stopped") == times, ended.stderr


def test_a_signal_that_comes_twice_at_once_lets_the_children_end_by_themselves(tmp_path):
    """The second one of a quick pair is not the impatient one that kills."""
    tidy = tmp_path / "tidy.py"
    tidy.write_text(
        "import signal, sys, time\n"
        "def end(*args):\n    time.sleep(0.3)\n    print('tidied', flush=True)\n    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\nprint('up', flush=True)\ntime.sleep(60)\n"
    )
    keeper = (
        "import os, sys\nfrom pathlib import Path\nfrom sbk_portal import supervisor\n"
        "with supervisor.Supervisor(env=dict(os.environ), cwd=Path('.')) as processes:\n"
        f"    processes.keep({{'web': [{str(tidy)!r}]}}, is_ready=lambda: True, "
        "when_ready=lambda: None)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", keeper], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "[web] up\n"
    process.terminate()
    process.terminate()
    output, _ = process.communicate(timeout=20)
    assert "tidied" in output


@pytest.fixture(
    params=[
        pytest.param(supervisor.launch, id="started", marks=pytest.mark.slow),
        pytest.param(forked.launch, id="copied"),
    ]
)
def launch(request):
    """The two ways in which a process begins."""
    return request.param


@pytest.fixture
def supervise(tmp_path, monkeypatch, capsys, launch):
    """Run programs under a supervisor until `stop_when(output)`; returns the output."""
    handlers = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    env = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}
    seen = []

    def supervise(*, is_ready=lambda: True, stop_when, **programs):
        commands = {}
        for name, source in programs.items():
            script = tmp_path / f"{name}.py"
            script.write_text(source)
            commands[name] = [str(script)]
        with supervisor.Supervisor(env=env, cwd=tmp_path, launch=launch) as processes:
            say = processes.say

            def note(line):
                say(line)
                seen.append(line)
                if stop_when(seen):
                    processes.stop_asked.set()

            monkeypatch.setattr(processes, "say", note)
            processes.keep(commands, is_ready=is_ready, when_ready=lambda: note("ready"))
        return seen

    yield supervise
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("fails", ["", "raise SystemExit(1)"])
def test_steps_run_side_by_side(tmp_path, launch, fails):
    """The first one ends only after the second has begun."""
    waits, begins = tmp_path / "waits.py", tmp_path / "begins.py"
    waits.write_text("import os, time\nwhile not os.path.exists('begun'):\n    time.sleep(0.01)\n")
    begins.write_text(f"open('begun', 'w').close()\n{fails}\n")
    env = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}
    with supervisor.Supervisor(env=env, cwd=tmp_path, launch=launch) as processes:
        steps = ([str(waits)], [str(begins)])
        if fails:
            with pytest.raises(supervisor.Failed, match="begins"):
                processes.steps(*steps)
        else:
            assert processes.steps(*steps)


@pytest.mark.slow
def test_a_child_that_dies_is_started_again_later_each_time(supervise, monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.2)
    seen = supervise(
        web=STAYS,
        worker=f"import time; time.sleep(0.3); {DIES}",
        stop_when=lambda seen: seen.count("[worker] up") == 3,
    )
    assert [line for line in seen if "意外结束" in line] == [
        "[worker] 意外结束（3），0.2 秒后重新启动。",
        "[worker] 意外结束（3），0.4 秒后重新启动。",
    ]
    assert len([line for line in seen if line.startswith("[web] up")]) == 1


def test_a_child_that_dies_before_all_are_ready_ends_the_start(supervise):
    with pytest.raises(supervisor.Failed, match="web"):
        supervise(web=DIES, is_ready=lambda: False, stop_when=lambda seen: False)


def test_a_child_that_ignores_the_signal_is_killed_with_what_it_forked(supervise, monkeypatch):
    monkeypatch.setattr(supervisor, "GRACE", 0.5)
    seen = supervise(
        web=FORKS,
        worker=IGNORES,
        stop_when=lambda seen: len([line for line in seen if " up " in line]) == 3,
    )
    pids = {int(line.split()[-1]) for line in seen if " up " in line}
    assert len(pids) == 3
    wait_until(lambda: not pids & processes().keys(), seconds=5, what="all were killed")


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("pass", 0),
        ("raise SystemExit(3)", 3),
        ("raise SystemExit('so')", 1),
        ("raise ValueError", 1),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        ("import os; os._exit(os.fork() and 7)", 7),
    ],
)
def test_how_a_process_ended_is_known(launch, tmp_path, program, code):
    script = tmp_path / "program.py"
    script.write_text(program)
    env = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}
    process = launch([str(script)], env=env, cwd=tmp_path, is_read=True)
    said = process.stdout.read().decode()
    assert process.wait() == code
    assert process.poll() == code
    assert ("so" in said, "ValueError" in said) == ("'so'" in program, "ValueError" in program)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_has_nothing_of_the_one_that_started_it_but_the_program(launch, tmp_path):
    """Else what a killed run has left would hold its lock."""
    script = tmp_path / "program.py"
    script.write_text(
        "import os, signal, sys\n"
        "print(sys.argv[1:], os.getcwd(), os.environ['NAMED'], sys.stdin.read(), os.getsid(0))\n"
        "print(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, signal.set_wakeup_fd(-1))\n"
        "print(*(os.path.realpath(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd')))\n"
    )
    env = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR), "NAMED": "x"}
    lock = tmp_path / "serve.lock"
    with supervisor.sole_run(lock), supervisor.Supervisor(env=env, cwd=tmp_path) as processes:
        process = launch([str(script), "one"], env=processes.env, cwd=tmp_path, is_read=True)
        first, second, *others = process.stdout.read().decode().splitlines()
        process.wait()
    assert first == f"['one'] {tmp_path} x  {process.pid}"
    assert second == "True -1"
    assert str(lock) not in "".join(others)
