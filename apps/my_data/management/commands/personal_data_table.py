"""Write docs/personal-data.md from the declarations of all apps, or check that it is fresh."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.my_data.document import document

PATH = Path(settings.BASE_DIR) / "docs" / "personal-data.md"


class Command(BaseCommand):
    help = "由各应用的登记生成 docs/personal-data.md；加 --check 只比较，不写入"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="不写入，文件过期时报错退出")

    def handle(self, *args, check, **options):
        fresh = document()
        if not check:
            PATH.write_text(fresh, encoding="utf-8")
            self.stdout.write(f"已写入 {PATH.name}")
        elif not PATH.exists() or PATH.read_text(encoding="utf-8") != fresh:
            raise CommandError(
                "docs/personal-data.md 与个人信息的登记不一致，请运行 manage.py personal_data_table"
            )
