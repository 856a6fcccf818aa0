"""Write docs/messages.md from the messages of all apps, or check that it is fresh."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.notices.document import document

PATH = Path(settings.BASE_DIR) / "docs" / "messages.md"


class Command(BaseCommand):
    help = "由各应用的消息生成 docs/messages.md；加 --check 只比较，不写入"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="不写入，文件过期时报错退出")

    def handle(self, *args, check, **options):
        fresh = document()
        if not check:
            PATH.parent.mkdir(exist_ok=True)
            PATH.write_text(fresh, encoding="utf-8")
            self.stdout.write(f"已写入 {PATH.name}")
        elif not PATH.exists() or PATH.read_text(encoding="utf-8") != fresh:
            raise CommandError("docs/messages.md 与消息表不一致，请运行 manage.py messages_table")
