"""A folder of data that cannot be written is one Chinese sentence, at the start and before it."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError

from sbk_portal import writable

# Root writes everywhere: it needs a shell without that right.
AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] * (os.getuid() == 0)


@pytest.mark.skipif(
    bool(AS_ANYBODY) and shutil.which("setpriv") is None, reason="root without setpriv"
)
def test_a_read_only_folder_is_one_sentence(tmp_path):
    var = tmp_path / "var"
    var.mkdir(mode=0o555)
    hidden = {"DATABASE_URL", "REDIS_URL", "PORTAL_URL", "SBK_MODE", "SBK_DEMO"}
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    ended = subprocess.run(
        [*AS_ANYBODY, sys.executable, "manage.py", "serve", "--no-demo", "--port=0"],
        cwd=settings.BASE_DIR,
        env={**env, "SBK_VAR_DIR": str(var)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode != 0
    assert ended.stdout + ended.stderr == f"CommandError: {writable._read_only(var)}\n"


def test_a_full_disk_is_one_sentence(tmp_path):
    """Every write into the probe ends as it does on a full disk."""
    (tmp_path / ".writable").symlink_to("/dev/full")
    assert writable.trouble(tmp_path) == writable._full(tmp_path)


def test_a_disk_that_is_nearly_full_is_told_before_the_start(tmp_path, monkeypatch):
    monkeypatch.setattr(writable, "LEAST_FREE", 2**63)
    assert "磁盘满了" in writable.trouble(tmp_path)


def test_a_folder_as_it_should_be_is_no_trouble(tmp_path):
    assert writable.trouble(tmp_path / "var") == ""
    assert list((tmp_path / "var").iterdir()) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘满了"),
        (OSError(errno.EROFS, "Read-only file system", "/elsewhere"), "写不进去"),
        (PermissionError(errno.EACCES, "Permission denied", "/data/var/secrets.json"), "写不进去"),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "/data/var/x"), "建不起来"),
        (OperationalError("database or disk is full"), "磁盘满了"),
        (OperationalError("attempt to write a readonly database"), "写不进去"),
    ],
)
def test_each_such_error_is_told(error, words):
    assert words in writable.trouble_of(error, Path("/data/var"))


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(errno.EACCES, "Permission denied", "/elsewhere/file"),
        FileNotFoundError(errno.ENOENT, "No such file", "/elsewhere/file"),
        OperationalError("no such table: people_user"),
        ValueError("no"),
    ],
)
def test_other_errors_stay_what_they_are(error):
    assert writable.trouble_of(error, Path("/data/var")) == ""
