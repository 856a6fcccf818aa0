"""`manage.py prepare`: what has to be in the database before the portal starts, in one process."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory

from apps.operations import fresh_schema
from apps.operations.schema import missing_columns


class Command(BaseCommand):
    help = "更新数据库结构，载入地区；第二次运行不做改动（内置模式，由 serve 调用）"

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="再载入演示数据")

    def handle(self, *, demo, **options):
        self.say("更新数据库结构")
        self._migrate()
        self.say("载入地区、银行和开通信息")
        call_command("load_regions", stdout=self.stdout)
        if demo:
            self.say("载入演示数据")
            call_command("demo_town", stdout=self.stdout)

    def say(self, title):
        self.stdout.write(f"▸ {title}")
        self.stdout.flush()

    def _migrate(self):
        try:
            fresh_schema.make_tables(connection)
            call_command("migrate", interactive=False, verbosity=0)
        except InconsistentMigrationHistory as error:
            raise CommandError(_of_another_version(str(error))) from None
        except DatabaseError as error:
            if "already exists" not in str(error) and "no such" not in str(error):
                raise
            raise CommandError(_of_another_version(str(error))) from None
        if missing := missing_columns(connection):
            raise CommandError(_of_another_version("、".join(missing[:5])))


def _of_another_version(detail):
    return (
        f"数据目录 {settings.VAR_DIR} 里的数据库是另一个版本建的，这个版本升级不了它（{detail}）。"
        "只有演示数据的，删去这个目录再启动；有要留的数据，请用建它的那个版本打开，或换一个目录（SBK_VAR_DIR）。"
    )
