"""The bureau behind two folders: batches go out, report files come in.

docs/bureau-files.md is the agreement with the bureau. A file stays in its folder until its content
is stored, so killing the worker at any point loses nothing and repeats nothing.
"""

import logging
import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from apps.bureau.adapters import order_file, report_file
from apps.bureau.adapters.order_file import PortraitsUnavailable
from apps.bureau.port import MAIN, BureauUnavailable, ReportFile, public_key_of
from apps.common import disk_errors

logger = logging.getLogger(__name__)

DONE = "done"
QUARANTINE = "quarantine"
CHECKSUM_SUFFIX = ".sha256"
WRONG_CHECKSUM = "文件内容与校验值不符，没有读取。请制卡中心核对后重新交付。"
# A file changed within this time may still be growing; its checksum is checked later.
SETTLES_AFTER = timedelta(minutes=2)


class FilesBureau:
    """A bureau with an out-folder and an in-folder.

    The main bureau has settings.BUREAU_OUT_DIR and BUREAU_IN_DIR, a further one the folders in
    settings.FURTHER_BUREAU_DIRS. What goes out is sealed for a bureau that has a public key. With
    settings.BUREAU_MARKER a folder without a file of that name is not touched: it is the mount
    point of a disk that is not mounted.
    """

    takes_addresses = True
    wants_particulars = True

    def __init__(self, name=MAIN):
        out_dir, in_dir = (
            (settings.BUREAU_OUT_DIR, settings.BUREAU_IN_DIR)
            if name == MAIN
            else settings.FURTHER_BUREAU_DIRS[name]
        )
        self.out_folder = Path(out_dir)
        self.in_folder = Path(in_dir)
        self.key = public_key_of(name)

    def submit(self, batch_reference, lines, *, created_at, at):
        _check_mounted(self.out_folder, "送制目录")
        folder = self.out_folder / batch_reference
        try:
            return order_file.write(
                folder, batch_reference, lines, created_at=created_at, key=self.key
            )
        except PortraitsUnavailable as error:
            raise BureauUnavailable(
                "照片目录读不出来，一张照片也没有找到。请运维员检查私有文件目录。"
            ) from error
        except OSError as error:
            raise _unwritable(error) from error

    def tell_address(self, name, line, *, at):
        _check_mounted(self.out_folder, "送制目录")
        folder = self.out_folder / name
        try:
            return order_file.write_address(folder, name, line, created_at=at, key=self.key)
        except OSError as error:
            raise _unwritable(error) from error

    def fetch(self, *, at):
        _check_mounted(self.in_folder, "回盘目录")
        try:
            self.in_folder.mkdir(mode=0o770, parents=True, exist_ok=True)
            paths = sorted(self.in_folder.glob("*.csv"))
        except OSError as error:
            raise BureauUnavailable(f"回盘目录读不了（{disk_errors.in_words(error)}）。") from error
        for path in paths:
            try:
                file = self._read(path, at=at)
            except OSError as error:
                # A file that cannot be read does not stop the others.
                logger.error("a report file cannot be read: %s", error.strerror)
                continue
            if file is not None:
                yield file

    def _read(self, path, *, at):
        """The file, or None while it is not complete."""
        companion = _companion(path)
        if path.is_symlink() or not path.is_file() or not companion.is_file():
            return None
        name = _readable(path.name)
        if path.stat().st_size > settings.REPORT_MAX_BYTES:
            return ReportFile(name, _announced(companion), refusal=report_file.TOO_LARGE)
        data = path.read_bytes()
        if report_file.checksum(data) == _announced(companion):
            return report_file.read(name, data, at=at)
        touched = max(path.stat().st_mtime, companion.stat().st_mtime)
        if touched > (at - SETTLES_AFTER).timestamp():
            return None
        return ReportFile(name, report_file.checksum(data), refusal=WRONG_CHECKSUM)

    def acknowledge(self, file):
        """Move the file out of the way, with its checksum.

        A missing file was moved before. A file with other content is a new file, and stays.
        """
        folder = self.in_folder / (QUARANTINE if file.refusal else DONE)
        for path in self.in_folder.glob("*.csv"):
            if _readable(path.name) == file.name and _is_still(file, path):
                folder.mkdir(mode=0o770, exist_ok=True)
                for part in (path, _companion(path)):
                    _move(part, folder / f"{file.sha256[:12]}-{part.name}")

    def forget(self, *, before):
        folders = (self.in_folder / DONE, self.in_folder / QUARANTINE, self.out_folder)
        for path in (path for folder in folders if folder.is_dir() for path in folder.iterdir()):
            try:
                _delete_if_older(path, before)
            except OSError as error:
                logger.error("an old file of the bureau is not deleted: %s", error.strerror)


def _unwritable(error):
    return BureauUnavailable(f"送制目录写不进去（{disk_errors.in_words(error)}）。")


def _check_mounted(folder, label):
    """Raise `BureauUnavailable` unless `folder` holds the file that settings.BUREAU_MARKER names.

    Checked each time, because a shared disk goes away while the portal runs. A disk that goes away
    in the middle of a batch makes an OSError.
    """
    marker = settings.BUREAU_MARKER
    try:
        is_there = not marker or (folder / marker).is_file()
    except OSError as error:
        raise BureauUnavailable(f"{label}读不了（{disk_errors.in_words(error)}）。") from error
    if not is_there:
        raise BureauUnavailable(
            f"{label}里没有标记文件 {marker}：共享盘可能没有挂上。没有读写文件，挂上后自动继续。"
        )


def _companion(path):
    return path.with_name(path.name + CHECKSUM_SUFFIX)


def _announced(companion):
    """The checksum in a file of the format of sha256sum; "" if it has none."""
    found = re.match(r"[0-9a-fA-F]{64}\b", companion.read_text(encoding="utf-8", errors="replace"))
    return found[0].lower() if found else ""


def _readable(name):
    """The file name `name` with every byte that is not text replaced, for storing and showing."""
    return name.encode("utf-8", "replace").decode()


def _is_still(file, path):
    if path.stat().st_size > settings.REPORT_MAX_BYTES:
        return file.refusal == report_file.TOO_LARGE
    return report_file.checksum(path.read_bytes()) == file.sha256


def _delete_if_older(path, before):
    if path.stat().st_mtime >= before.timestamp() or path.name == settings.BUREAU_MARKER:
        return
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _move(path, target):
    try:
        os.replace(path, target)
    except FileNotFoundError:
        logger.info("a report file was moved by another worker")
