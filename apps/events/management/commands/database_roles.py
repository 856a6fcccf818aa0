"""Give the application's database role its rights, or print the SQL that does."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from apps.events import grants


class Command(BaseCommand):
    help = "授予应用数据库角色的权限：能读写各表，事件簿只能读和追加；加 --print 只显示语句"

    def add_arguments(self, parser):
        parser.add_argument("role", help="应用登录数据库所用的角色，不能是表的所有者")
        parser.add_argument("--print", action="store_true", help="只显示语句，不执行")

    def handle(self, *args, role, **options):
        wanted = grants.statements(role=role)
        if options["print"]:
            self.stdout.write("".join(f"{statement};\n" for statement in wanted))
            return
        if connection.vendor != "postgresql":
            raise CommandError("只有 PostgreSQL 有角色；现在用的是另一种数据库。")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user = %s", [role])
            if cursor.fetchone()[0]:
                raise CommandError("请用表的所有者（迁移所用的角色）运行，应用的角色要另外一个。")
            for statement in wanted:
                cursor.execute(statement)
        self.stdout.write(f"已授予 {role}：事件簿只能读和追加。")
