"""A document under docs/ that a command writes from the code, and compares with it."""

from abc import ABC, abstractmethod
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class DocumentCommand(BaseCommand, ABC):
    """Writes docs/`document`; with --check it only compares.

    `difference` says what is wrong where the two differ: 与流转表不一致.
    """

    document = ""
    difference = ""

    @abstractmethod
    def fresh(self, old):
        """The text as the code has it; `old` is what stands in the document, "" without one."""

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="不写入，文件过期时报错退出")

    def handle(self, *args, check, **options):
        path = Path(settings.BASE_DIR) / "docs" / self.document
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        fresh = self.fresh(old)
        if not check:
            path.write_text(fresh, encoding="utf-8")
            self.stdout.write(f"已写入 {path.name}")
        elif fresh != old:
            command = self.__module__.rpartition(".")[2]
            raise CommandError(f"docs/{path.name} {self.difference}，请运行 manage.py {command}")
