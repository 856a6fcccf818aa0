"""Reads and writes files of the private storage. The disk may be full or missing."""

import logging
from contextlib import contextmanager

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import OperationalError

from apps.common.refusals import Refused

logger = logging.getLogger(__name__)


class NotStored(Refused):
    """The disk could not store a file. Trying again later may help."""


def store(contents):
    """Write `contents`, pairs of a name and bytes. Returns the names under which they are kept.

    Either all are written or none. Raises `NotStored`.
    """
    kept: list[str] = []
    try:
        for name, content in contents:
            kept.append(default_storage.save(name, ContentFile(content)))
    except OSError as error:
        logger.exception("A file could not be stored")
        discard(kept)
        raise not_stored() from error
    return kept


def store_file(name, source):
    """Write the binary file `source`, which may be large, piece by piece. Returns its name.

    Raises `NotStored`.
    """
    try:
        return default_storage.save(name, File(source))
    except (OSError, ValueError) as error:
        logger.exception("A file could not be stored")
        raise not_stored() from error


def received(upload):
    """The bytes of `upload` (a Django `File`). Raises `NotStored` when they are gone."""
    try:
        upload.seek(0)
        return upload.read()
    except (OSError, ValueError) as error:  # the server's copy is gone, or is closed
        raise NotStored("文件没有传完整，请再选一次。", code="incomplete") from error


@contextmanager
def rows_are_stored():
    """Turns the error of a database that cannot write, as on a full disk, into `NotStored`."""
    try:
        yield
    except OperationalError as error:
        logger.exception("An upload could not be stored")
        raise not_stored() from error


def not_stored():
    return NotStored(
        "文件没有存下来，不是您的问题：服务器的存储暂时不可用。"
        "您填写的内容都还在，请过几分钟再试一次。",
        code="not_stored",
    )


def discard(names):
    """Delete files that no row names."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError:
            logger.exception("A file that nobody needs could not be deleted")
