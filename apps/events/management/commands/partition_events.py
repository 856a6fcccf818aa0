"""Divide the book of events into months, or make the months ahead where it is divided already."""

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from apps.events import partitioning
from apps.events.partitions import is_partitioned

AHEAD = 24


class Command(BaseCommand):
    help = "把办理记录按月分区（PostgreSQL，由表的所有者运行）；已经分区的，补上以后各月"

    def add_arguments(self, parser):
        parser.add_argument(
            "--ahead", type=int, default=AHEAD, help=f"预备以后几个月，默认 {AHEAD}"
        )
        parser.add_argument(
            "--if-divided", action="store_true", help="没有分区的不分，只补以后各月"
        )
        parser.add_argument(
            "--drop-old", action="store_true", help="核对过以后，删除分区以前的旧表"
        )

    def handle(self, *args, ahead, if_divided, drop_old, **options):
        if connection.vendor != "postgresql":
            raise CommandError("只有 PostgreSQL 能分区；现在用的是另一种数据库。")
        with connection.cursor() as cursor:
            is_divided = is_partitioned(cursor)
        if not is_divided and (if_divided or drop_old):
            self.stdout.write("办理记录没有分区。")
            return
        try:
            self._work(is_divided, ahead, drop_old)
        except OperationalError as error:
            raise CommandError(
                f"没有做完：{error}。办理记录照常；再运行一次，会从停下的地方继续。"
            ) from error

    def _work(self, is_divided, ahead, drop_old):
        if drop_old:
            partitioning.drop_old()
            self.stdout.write("旧表已删除。")
        elif is_divided:
            made = partitioning.extend(at=timezone.now(), ahead=ahead)
            self.stdout.write(f"新增 {len(made)} 个月。")
        else:
            partitioning.divide(at=timezone.now(), ahead=ahead, say=self.stdout.write)
            self.stdout.write("请运行 manage.py verify_integrity，再用 --drop-old 删除旧表。")
