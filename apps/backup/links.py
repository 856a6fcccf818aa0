"""The private files that the rows of a backup name, as they were at its moment."""

import os
import shutil
import tarfile
from collections.abc import Iterable
from pathlib import Path


class Links:
    """Hard links to files below `root`, in the folder `where` on the same disk.

    A file that is deleted while the backup runs stays there. Where links are not possible, copies.
    """

    def __init__(self, root: Path, where: Path):
        self.root, self.where = root, where

    def add_all(self) -> None:
        """Every file below the root."""
        for folder, _, names in os.walk(self.root):
            for name in names:
                self._add(Path(folder, name).relative_to(self.root))

    def add(self, names: Iterable[str]) -> list[str]:
        """The named files as well. Returns those that are not there."""
        return [name for name in names if not self._add(Path(name))]

    def _add(self, name: Path) -> bool:
        origin, target = self.root / name, self.where / name
        if target.exists():
            return True
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(origin, target)
        except FileNotFoundError:
            return False  # deleted just now
        except OSError:
            shutil.copy2(origin, target)
        return True

    def write(self, names: Iterable[str], file) -> int:
        """Write the named files into the binary `file` as a tar archive; returns how many."""
        count = 0
        with tarfile.open(fileobj=file, mode="w|") as archive:
            for name in names:
                if (self.where / name).exists():
                    archive.add(self.where / name, arcname=name, recursive=False)
                    count += 1
        return count


def unpack(file, root: Path) -> int:
    """Write the files of the tar archive in the binary `file` below `root`; returns how many.

    Raises `tarfile.TarError` for names that lead out of it.
    """
    count = 0
    with tarfile.open(fileobj=file, mode="r|") as archive:
        for member in archive:
            archive.extract(member, root, filter="data")
            os.chmod(root / member.name, 0o600)
            count += 1
    for folder, _, _ in os.walk(root):
        os.chmod(folder, 0o700)
    return count
