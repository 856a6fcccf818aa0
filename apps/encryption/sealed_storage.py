"""The private storage: a folder in which every file is sealed (apps/encryption/sealing.py)."""

import io
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from apps.encryption.ciphers import InvalidToken
from apps.encryption.sealing import Unsealed, is_newest, pieces, seal


class UnreadableFile(OSError):
    """A file that was changed outside, or whose key is gone."""


class _Sealing(File):
    """A file whose parts come sealed."""

    file: Any

    def __init__(self, content):
        super().__init__(content.file, content.name)

    def chunks(self, chunk_size=None):
        self.file.seek(0)
        return pieces(self.file)


class SealedStorage(FileSystemStorage):
    """Seals what is stored, and opens for reading only. Raises `UnreadableFile`, an OSError."""

    def _save(self, name, content):
        try:
            return super()._save(name, _Sealing(content))  # type: ignore[misc]
        except OSError:
            self.delete(name)  # what a full disk has taken; the name was free, and drawn at random
            raise

    def _open(self, name, mode="rb"):
        if mode != "rb":
            raise ValueError("A sealed file is read, or stored anew")
        return _Unsealed(self.path(name), name)

    def size(self, name):
        with self._open(name) as file:
            return file.file.raw.size

    def reseal(self, name):
        """Seal the file again with the present cipher and key; returns whether it had another."""
        path = Path(self.path(name))
        with path.open("rb") as source:
            if is_newest(source):
                return False
        with self._open(name) as clear:
            handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
            with os.fdopen(handle, "wb") as target:
                seal(clear, target)
        os.chmod(beside, path.stat().st_mode & 0o777)
        os.replace(beside, path)  # in one step: whoever reads has the old file or the new one
        return True


class _Unsealed(File):
    """The file at `path` as it was before; like Django's files it can be opened again."""

    def __init__(self, path, name):
        self.path = path
        super().__init__(self._reader(), name)

    def open(self, mode=None, *args, **kwargs):
        if self.closed:
            self.file = self._reader()
        self.seek(0)
        return self

    def _reader(self):
        source = open(self.path, "rb")  # noqa: SIM115 (closed with the reader)
        try:
            return io.BufferedReader(_Opened(source))
        except InvalidToken as error:
            source.close()
            raise UnreadableFile(str(error)) from error


class _Opened(Unsealed):
    """Says what is wrong with a file as the rest of the code expects it of a disk."""

    def _piece(self, number):
        try:
            return super()._piece(number)
        except InvalidToken as error:
            raise UnreadableFile(str(error)) from error
