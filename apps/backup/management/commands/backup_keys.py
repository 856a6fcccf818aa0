"""Seal the keys of this portal into a file, to be kept apart from the backups."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.backup.management.commands.backup import public_key
from apps.encryption.sealed_boxes import Writer
from sbk_portal.environment import given

# What cannot be had again from somebody else, and what nobody wants to ask for at night.
KEYS = (
    "SECRET_KEY",
    "FIELD_KEYS",
    "INDEX_KEY",
    "SEAL_KEY",
    "PORTAL_PAYMENT_KEY",
    "SANDBOX_CASHIER_KEY",
    "ALIPAY_PUBLIC_KEY",
    "SMS_GATEWAY_KEY",
)


class Command(BaseCommand):
    help = "把门户的密钥加密后写到一个文件。请和数据备份分开存放；更换密钥以后再做一次。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="写到哪个文件，不能已经存在")
        parser.add_argument("--key", type=Path, help="备份公钥的文件，默认 BACKUP_KEY")

    def handle(self, *, file, key, **options):
        public = public_key(key)
        values = {name: _value(name) for name in KEYS if _value(name)}
        try:
            descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as target, Writer(target, public) as writer:
                writer.write(json.dumps(values, indent=1).encode())
        except OSError as error:
            raise CommandError(f"写不进 {file}：{error.strerror}。") from error
        self.stdout.write(f"已写入 {len(values)} 项：{'、'.join(values)}。")


def _value(name):
    """As it would be given to the portal: several keys with commas between them."""
    value = getattr(settings, f"{name}S", getattr(settings, name, ""))
    return given(name) or (",".join(value) if isinstance(value, list) else value)
