"""Check every seal on the book of events."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.common.templatetags.formats import moment
from apps.seals import checking, checkpoints, sending
from apps.seals.models import TreeHead


class Command(BaseCommand):
    help = "核对办理记录的存证：指出第一条被改、被删、被插入的记录；全部相符时退出码为 0，否则为 1"

    def add_arguments(self, parser):
        parser.add_argument(
            "--heads", type=Path, help="另存的树头文件（SEAL_COPY_FILE 或见证方、邮件里留存的）"
        )
        parser.add_argument(
            "--for-witness",
            type=int,
            metavar="OLD",
            help="只输出送给见证方的内容：它上次见到的记录数（第一次为 0）",
        )
        parser.add_argument(
            "--key", action="store_true", help="只显示签名公钥，供见证方和以后核对时使用"
        )

    def handle(self, *args, heads, key, for_witness, **options):
        if key:
            self.stdout.write(str(checkpoints.own_key()))
            return
        if for_witness is not None:
            self._request(for_witness)
            return
        outside = []
        if heads is not None:
            try:
                outside = checkpoints.split_notes(heads.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"读不了 {heads}：{error}") from error
            if not outside:
                raise CommandError(f"{heads} 里没有树头。")
        verdict = checking.verify(outside=outside)
        scope = f"{verdict.heads} 个树头、{verdict.leaves} 条记录"
        if outside:
            scope += f"，和另存的 {len(outside)} 个树头"
        if verdict.cosigned:
            scope += f"，和 {verdict.cosigned} 个见证方的副签"
        if verdict.is_sound:
            self.stdout.write(f"核对了{scope}，全部相符。")
            self._tell_what_waits()
            return
        for finding in verdict.findings:
            self.stdout.write(finding)
        raise CommandError(
            f"核对了{scope}，有 {len(verdict.findings)} 处不符，最先的一处在最上面。"
        )

    def _tell_what_waits(self):
        """What is not sealed proves nothing. Of a book that is sealed each minute it is little."""
        waiting = checking.waiting()
        if not waiting["count"]:
            return
        since, until = waiting["since"], waiting["until"]
        line = f"另有 {waiting['count']} 条还没有存证（{moment(since)} 至 {moment(until)}）"
        if until - since > settings.SEAL_LATE_WITHIN:
            raise CommandError(f"{line}：存证停了，或者存证连同树头被删了。")
        self.stdout.write(f"{line}。")

    def _request(self, old):
        head = TreeHead.objects.order_by("-number").first()
        if head is None or not 0 <= old <= head.size:
            raise CommandError("还没有树头，或树头没有这么多记录。")
        self.stdout.write(sending.witness_request(head, old=old), ending="")
