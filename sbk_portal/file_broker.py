"""Kombu's file transport, changed so that a message appears complete.

The original creates a message under its final name and writes it afterwards. A worker that reads in
between takes an empty message and stops with an error.
"""

import os
import time
import uuid
from pathlib import Path

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):  # type: ignore[override]
        path = Path(self.data_folder_out) / f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        draft = path.with_name(f"{path.name}.draft")
        draft.write_text(dumps(payload), encoding="utf-8")
        os.replace(draft, path)


class Transport(filesystem.Transport):
    Channel = Channel
