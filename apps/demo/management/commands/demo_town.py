"""Fill an empty portal with the demo town, and say who lives there."""

import gc
import logging
from contextlib import contextmanager

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.demo import town
from apps.demo.accounts import EVERYBODY, PASSWORD


@contextmanager
def only_warnings():
    """A line for each person is enough; the log of every step would bury it."""
    logger = logging.getLogger("apps")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)


class Command(BaseCommand):
    help = "建立演示数据：各种状态的人员、申请和社保卡；已经建立过则不做改动"

    def handle(self, *args, **options):
        if town.exists():
            self.stdout.write("演示数据已在，不再改动。")
        else:
            gc.set_threshold(100_000, 20, 100)  # little is left over, and it would look often
            with only_warnings():
                town.build(at=timezone.now(), tell=lambda text: self.stdout.write(f"  {text}"))
        self.stdout.write(f"演示账户（密码都是 {PASSWORD}）：")
        for account in EVERYBODY:
            self.stdout.write(f"  {account.employee_number}  {account.name}  {account.story}")
