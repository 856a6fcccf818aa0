"""Says whether the data of a running installation is sound."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.common import integrity

MOST_NAMED = 20


class Command(BaseCommand):
    help = (
        "Checks that statuses agree with their events, cards with their reports and requests, "
        "payments with requests and refunds, files with rows, that everybody was told, and that "
        "nothing due is left undone. Reads only; ends with code 1 when something is wrong."
    )

    def handle(self, *args, **options):
        found = integrity.verify(at=timezone.now())
        for rule, rows in found.items():
            self.stdout.write(f"✗ {rule}")
            self.stdout.write("  " + "、".join(rows[:MOST_NAMED]))
            if len(rows) > MOST_NAMED:
                self.stdout.write(f"  等共 {len(rows)} 条")
        if found:
            raise CommandError(f"{len(found)} 条规则不成立。")
        count = sum(1 for _ in integrity.invariants())
        self.stdout.write(self.style.SUCCESS(f"{count} 条规则全部成立。"))
