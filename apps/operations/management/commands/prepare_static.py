"""`manage.py prepare_static`: the static files as pages ask for them, beside `prepare`."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

COLLECTED_FROM = "static-collected-from"


class Command(BaseCommand):
    help = "汇集、压缩样式和脚本；没有改动时什么也不做（内置模式，由 serve 调用）"

    def handle(self, **options):
        """Collect and compress, unless the same files were collected by the last start."""
        note, source = settings.VAR_DIR / COLLECTED_FROM, _fingerprint()
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if manifest.is_file() and note.is_file() and note.read_text() == source:
            return
        self.stdout.write("▸ 压缩样式和脚本")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        note.write_text(source)


def _fingerprint():
    """Changes when any static file does."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            found.update(f"{storage.path(name)} {state.st_mtime_ns} {state.st_size}\n".encode())
    return found.hexdigest()
