"""Receives uploaded files, also when the disk for temporary files is full.

Django writes the files of a large request to that disk while it reads the request, before any form
sees them, so an error there would be an error page. Here the rest of the file is skipped, and the
code that reads the file gets the error (`stored_files.received`, `pictures.open_upload`).

A request that ends before its last boundary was cut on its way. Django takes what there is of it;
here its files are marked, and the form says so (`uploads.UploadField`).
"""

import errno
import logging

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from apps.unsent.uploads import CutFiles

logger = logging.getLogger(__name__)


class _Tail:
    """A stream that remembers the end of what was read."""

    LENGTH = 300  # the last boundary is at most 74 bytes long, and a blank or two may follow

    def __init__(self, stream, boundary):
        self.stream = stream
        self.last_line = b"--" + boundary + b"--"
        self.end = b""

    def read(self, *size):
        data = self.stream.read(*size)
        self.end = (self.end + data)[-self.LENGTH :]
        return data

    def __getattr__(self, name):
        return getattr(self.stream, name)


def mark_cut_files(request):
    """Mark the files of a request that was cut, for `uploads.UploadField`. Reads the form."""
    if request.content_type == "multipart/form-data" and request.POST is not None:
        tail = getattr(request, "multipart_tail", None)
        if tail is not None and tail.last_line not in tail.end:
            request._files = CutFiles(request.FILES)


class LostUpload(UploadedFile):
    """An uploaded file that could not be stored: it has a name and a size, but no content."""

    def seek(self, *args):
        raise OSError(errno.ENOSPC, "The upload could not be kept")

    read = seek


class PatientUploadHandler(TemporaryFileUploadHandler):
    """Goes on reading the request when a temporary file cannot be written."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        """Called before anything is read: from now on the end of the request is known."""
        if hasattr(input_data, "_stream"):
            input_data._stream = input_data.multipart_tail = _Tail(input_data._stream, boundary)

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
