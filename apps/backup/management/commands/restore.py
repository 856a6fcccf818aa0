"""Bring a backup into an empty place, and see whether the data is sound."""

import tarfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.backup import databases, restoring
from apps.common import integrity
from apps.common.integrity import About
from apps.encryption import sealed_boxes


class Command(BaseCommand):
    help = "把一份备份恢复到空的数据库和空的目录，然后核对数据是否完整。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="一份备份的目录（名称是时间）")
        parser.add_argument("--key", type=Path, required=True, help="备份私钥的文件")

    def handle(self, *, folder, key, **options):
        try:
            private = sealed_boxes.read_private(key.read_bytes())
            manifest = restoring.restore(folder, key=private)
        except restoring.NotRestorable as refusal:
            raise CommandError(str(refusal)) from refusal
        except (sealed_boxes.NotOpened, tarfile.TarError, ValueError) as error:
            raise CommandError(
                f"备份打不开：私钥不对，或文件被改过、不完整（{error}）。"
            ) from error
        except databases.Failed as failed:
            raise CommandError(f"数据库没有恢复成功：{failed}") from failed
        except OSError as error:
            raise CommandError(f"{error.filename or folder}：{error.strerror}。") from error
        # What is due since the backup is caught up by the workers.
        found = integrity.verify(at=timezone.now(), about=[About.ROWS, About.FILES])
        for rule, rows in found.items():
            self.stdout.write(f"✗ {rule}：{len(rows)} 条")
        if found:
            raise CommandError(
                f"已经恢复，但 {len(found)} 条规则不成立，用 verify_integrity 细看。"
            )
        self.stdout.write(f"已恢复，文件 {manifest.files} 个，数据完整。")
