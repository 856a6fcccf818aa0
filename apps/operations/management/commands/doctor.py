"""`manage.py doctor`: every check of the portal in the shell, with what to do about each."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.common.health import database_errors
from apps.operations.checks import CHECKS
from apps.operations.enums import State
from apps.operations.examination import examine

DATABASE_AWAY = "数据库连不上"
REMEDY = (
    "查看 PostgreSQL 是否在运行、连接数是否用完、磁盘是否已满；恢复后几秒内页面照常，不用重启门户。"
)


class Command(BaseCommand):
    help = "检查运行状况：每一项的情况和怎么办。有要处理的，退出码为 1。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="正常的也列出细节")

    def handle(self, **options):
        try:
            examined = examine(CHECKS, at=timezone.now())
        except database_errors():
            self.stdout.write(f"[要处理] {DATABASE_AWAY}\n        怎么办：{REMEDY}")
            raise SystemExit(1) from None
        for each in examined:
            result = each.result
            self.stdout.write(f"[{result.state.label}] {each.check.title}：{result.says}")
            if each.is_to_look_at or options["all"]:
                for line in result.lines:
                    self.stdout.write(f"        {line}")
            if each.is_to_look_at:
                self.stdout.write(f"        怎么办：{each.check.remedy}")
        if any(each.result.state == State.BAD for each in examined):
            raise SystemExit(1)
