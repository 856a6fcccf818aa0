"""What is wrong with the folder of the data, as one sentence: read-only, full, of somebody else."""

import errno
import os
from pathlib import Path

# Where the data is unless SBK_VAR_DIR says otherwise.
DEFAULT_FOLDER = Path(__file__).resolve().parent.parent / "var"
# Less than this is as good as full: the next start would end half-way.
LEAST_FREE = 20 * 1024 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT}
_NO_PERMISSION = {errno.EACCES, errno.EPERM}
# SQLite tells no number, only words.
_SQLITE_FULL = "database or disk is full"
_SQLITE_READ_ONLY = "readonly database"
_SQLITE_NOT_OPENED = "unable to open database file"


def trouble_of(error: BaseException, folder: Path) -> str:
    """The Chinese sentence for an `error` that the state of `folder` explains; "" for others."""
    if isinstance(error, OSError):
        if error.errno in _FULL:
            return _full(folder)
        is_inside = str(error.filename or "").startswith(str(folder))
        if error.errno == errno.EROFS or (error.errno in _NO_PERMISSION and is_inside):
            return _read_only(folder)
        if is_inside and error.errno in {errno.ENOENT, errno.ENOTDIR, errno.EEXIST}:
            return f"数据目录 {folder} 建不起来：请换一个位置（SBK_VAR_DIR），或先建好上一级目录。"
        return ""
    if _SQLITE_FULL in str(error):
        return _full(folder)
    if _SQLITE_READ_ONLY in str(error) or _SQLITE_NOT_OPENED in str(error):
        return _read_only(folder)
    return ""


def trouble(folder: Path) -> str:
    """The Chinese sentence for what keeps the portal from writing into `folder`; "" for nothing."""
    probe = folder / ".writable"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with probe.open("wb") as file:
            file.write(b"\0" * 65536)
            file.flush()
            os.fsync(file.fileno())
        probe.unlink()
        space = os.statvfs(folder)
    except OSError as error:
        return trouble_of(error, folder) or _read_only(folder)
    if space.f_bavail * space.f_frsize < LEAST_FREE:
        return _full(folder)
    for database in folder.glob("*.sqlite3*"):
        if not os.access(database, os.W_OK):
            return _read_only(folder)
    return ""


def _full(folder: Path) -> str:
    return f"数据目录 {folder} 所在的磁盘满了：请腾出空间，再启动一次；已有的数据没有受影响。"


def _read_only(folder: Path) -> str:
    return (
        f"数据目录 {folder} 写不进去（只读，或不属于运行门户的用户）："
        "请改好它的权限，或用 SBK_VAR_DIR 换一个位置。"
    )
