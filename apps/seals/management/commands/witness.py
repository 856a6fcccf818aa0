"""Sign the head of another portal, if it continues the last one that was seen."""

import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.seals import checkpoints, cosignatures, witnessing


class Command(BaseCommand):
    help = "给别的门户的树头做见证：确认它是上次见到的树头的延续，输出副签；不是则退出码为 1"

    def add_arguments(self, parser):
        parser.add_argument("--name", required=True, help="见证方的名称，例如 witness.example/w1")
        parser.add_argument(
            "--private", type=Path, required=True, help="见证方私钥的文件，不能是 SEAL_KEY"
        )
        parser.add_argument("--key", action="store_true", help="只显示见证方的公钥，交给那个门户")
        parser.add_argument("--log", help="那个门户的公钥（它的 verify_seals --key 显示的）")
        parser.add_argument("--seen", type=Path, help="存放见过的树头的目录")

    def handle(self, *args, name, private, key, log, seen, **options):
        try:
            signer = checkpoints.ed25519_key(private.read_text(encoding="utf-8").strip())
            if key:
                self.stdout.write(str(cosignatures.key_of(name, signer)))
                return
            if not (log and seen):
                raise CommandError("请用 --log 写明门户的公钥，用 --seen 写明放见过的树头的目录。")
            line = witnessing.witness(
                sys.stdin.read(),
                log_key=checkpoints.VerifyingKey.parsed(log),
                name=name,
                private=signer,
                folder=seen,
                at=timezone.now(),
            )
        except (ImproperlyConfigured, OSError) as error:
            raise CommandError(f"{error}") from error
        except witnessing.NotWitnessed as refusal:
            raise CommandError(f"{refusal}") from refusal
        self.stdout.write(line, ending="")
