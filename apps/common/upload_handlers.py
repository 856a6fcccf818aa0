"""Receives uploaded files, also when the disk for temporary files is full.

Django writes the files of a large request to that disk while it reads the request, before any form
sees them, so an error there would be an error page. Here the rest of the file is skipped, and the
code that reads the file gets the error (`stored_files.received`, `pictures.open_upload`).
"""

import errno
import logging

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

logger = logging.getLogger(__name__)


class LostUpload(UploadedFile):
    """An uploaded file that could not be stored: it has a name and a size, but no content."""

    def seek(self, *args):
        raise OSError(errno.ENOSPC, "The upload could not be kept")

    read = seek


class PatientUploadHandler(TemporaryFileUploadHandler):
    """Goes on reading the request when a temporary file cannot be written."""

    def new_file(self, *args, **kwargs):
        self.is_lost = False
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._lose()

    def receive_data_chunk(self, raw_data, start):
        if self.is_lost:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._lose()

    def file_complete(self, file_size):
        if not self.is_lost:
            try:
                return super().file_complete(file_size)
            except OSError:
                self._lose()
        return LostUpload(None, self.file_name, self.content_type, file_size)

    def _lose(self):
        logger.exception("An uploaded file could not be written")
        self.is_lost = True
