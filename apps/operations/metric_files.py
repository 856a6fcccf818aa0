"""The files in which the web processes of one machine count together.

Each process counts in files of its own. What an ended process has counted must stay in the sums, so
its files are added to one file for all of them: else there would be more and more files.
"""

import fcntl
import logging
import os
import re
from collections import Counter
from pathlib import Path

from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_OF_A_PROCESS = re.compile(r"(counter|histogram)_(\d+)\.db")
ENDED = "0"  # no process has this number


def count_together(folder: Path) -> None:
    """Have this process count in `folder`. Call it before prometheus_client is imported.

    Where the folder cannot be written, the process counts alone.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "lock").touch()
    except OSError as error:
        logger.warning("figures are counted alone: %s", type(error).__name__)
        return
    os.environ[FOLDER_VARIABLE] = str(folder)


def add_up_ended(folder: Path) -> None:
    """Add what ended processes have counted to the file of all of them."""
    mapped = import_string("prometheus_client.mmap_dict.MmapedDict")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in sorted(folder.iterdir()):
            name = _OF_A_PROCESS.fullmatch(path.name)
            if name is None or name[2] == ENDED or _is_alive(int(name[2])):
                continue
            sums: Counter[str] = Counter()
            for key, value, *_ in mapped.read_all_values_from_file(str(path)):
                sums[key] += value
            total = mapped(str(folder / f"{name[1]}_{ENDED}.db"))
            for key, value in sums.items():
                total.write_value(key, total.read_value(key)[0] + value, 0.0)
            total.close()
            path.unlink()


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
