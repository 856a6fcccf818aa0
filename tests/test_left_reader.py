"""A command whose reader has left ends without a traceback."""

import subprocess
import sys

import pytest
from django.conf import settings

GUARDED = "from sbk_portal.left_reader import ends_with_its_reader as g\nwith g():\n    "
ONE_LINE = "print(1)"
MANY_LINES = "for _ in range(100_000): print('a line')"
AND_A_CODE = "print(1); raise SystemExit(1)"
OF_SOMETHING_ELSE = "raise BrokenPipeError('of a server')"


def run(*arguments, is_read=False):
    """Run Python, with a reader of its output that has left (or one that stays)."""
    process = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if not is_read:
        process.stdout.close()
        process.stdout = None
    said, complaint = process.communicate(timeout=100)
    return process.returncode, said, complaint


@pytest.mark.parametrize("code", [ONE_LINE, MANY_LINES, AND_A_CODE])
def test_it_ends_without_a_word(code):
    assert run("-c", GUARDED + code) == (141, None, "")


def test_with_its_reader_it_ends_as_it_says():
    assert run("-c", GUARDED + AND_A_CODE, is_read=True) == (1, "1\n", "")


def test_another_broken_pipe_is_an_error():
    code, _, complaint = run("-c", GUARDED + OF_SOMETHING_ELSE, is_read=True)
    assert code == 1
    assert "of a server" in complaint


@pytest.mark.slow
@pytest.mark.parametrize("command", ["help", "check"])
def test_so_does_every_command(command):
    assert run("manage.py", command)[0::2] == (141, "")
