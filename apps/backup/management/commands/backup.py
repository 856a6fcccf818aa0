"""Make a sealed backup of database and files, and remove old ones."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.backup import databases, making
from apps.encryption import sealed_boxes


class Command(BaseCommand):
    help = (
        "备份数据库和私有文件（同一时刻的一套，加密），并按期限删去旧的。"
        "密钥另用 backup_keys 备份。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, help="备份放在哪个目录，默认 BACKUP_DIR")
        parser.add_argument("--key", type=Path, help="备份公钥的文件，默认 BACKUP_KEY")

    def handle(self, *, to, key, **options):
        public, at = public_key(key), timezone.now()
        into = to or Path(settings.BACKUP_DIR)
        try:
            folder, manifest = making.make(into=into, key=public, at=at)
            gone = making.remove_outdated(into, at=at)
        except databases.Failed as failed:
            raise CommandError(f"数据库没有备份成功：{failed}") from failed
        except OSError as error:
            raise CommandError(f"写不进 {into}：{error.strerror}。") from error
        self.stdout.write(
            f"已备份到 {folder}，文件 {manifest.files} 个；删去旧备份 {len(gone)} 份。"
        )
        if manifest.missing:
            raise CommandError(f"有 {len(manifest.missing)} 个文件数据库里有、目录里没有。")


def public_key(path):
    """The key of `path`, or of the settings. Raises CommandError."""
    try:
        pem = path.read_text() if path else settings.BACKUP_KEY
        return sealed_boxes.read_public(pem)
    except (OSError, ValueError) as error:
        raise CommandError(
            "没有备份公钥：用 python -m apps.encryption.sealed_boxes new-key 生成一对，"
            "公钥放到 BACKUP_KEY（或 --key），私钥放到别处。"
        ) from error
