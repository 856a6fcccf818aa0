"""Says whose data an account was shown in a time: what has to be told after a leak."""

from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.audit import seen, services
from apps.audit.event_kinds import TraceAction
from apps.common.moments import end_of, start_of
from apps.common.visibility import shown
from apps.people.models import User


def a_day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} 不是日期，请写成 2026-11-01 的样子") from None


class Command(BaseCommand):
    help = "列出一个账户在一段时间里看过谁的哪些信息（个人信息保护法第五十七条）；每次都记录"

    def add_arguments(self, parser):
        parser.add_argument("account", help="工号")
        parser.add_argument("--since", type=a_day, required=True, help="从哪一天，2026-11-01")
        parser.add_argument("--until", type=a_day, required=True, help="到哪一天（含）")
        parser.add_argument("--reason", required=True, help="追查的原因，写进办理记录")
        parser.add_argument("--csv", metavar="FILE", help="把名单写成 CSV 文件")

    def handle(self, *args, account, since, until, reason, csv, **options):
        number = User.normalize_username(account)
        user = User.objects.filter(employee_number=number).first()
        if user is None:
            raise CommandError(f"没有工号 {number} 的账户")
        if not reason.strip():
            raise CommandError("请写明追查的原因")
        span = {"since": start_of(since), "until": end_of(until)}
        persons, unknown = seen.persons_of(seen.sights_of(user, **span))
        services.record_trace(
            action=TraceAction.FETCH if csv else TraceAction.TRACE,
            account=user,
            **span,
            persons=len(persons),
            reason=reason,
            by=None,
            at=timezone.now(),
        )
        if csv:
            with open(csv, "wb") as target:
                seen.write(persons, unknown, target=target)
            self.stdout.write(f"{len(persons)} 人，已写入 {csv}")
            return
        for person in persons:
            name, through = (
                shown(person.holder.name, "export.name"),
                "、".join(person.told_through),
            )
            self.stdout.write(f"{person.holder.reference} {name} {through}：{person.what}")
        self.stdout.write(f"共 {len(persons)} 人；认不出是谁的 {len(unknown)} 处")
