"""`manage.py reencrypt`: seals all values and files with the present cipher and the first key.

Run it after a new key was put first in FIELD_KEYS or another FIELD_CIPHER was chosen, and before
the old key is removed. It also fills blind indexes that are missing: a process of an older version,
still running during an upgrade, writes rows without a newer index.
"""

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import FileField

from apps.encryption import ciphers, fields
from apps.encryption.ciphers import InvalidToken
from apps.encryption.fields import BlindIndexField, EncryptedTextField
from apps.encryption.reindex import fill

BATCH = 500


class Command(BaseCommand):
    help = (
        "把所有加密列和加密文件改用 FIELD_KEYS 中的第一个密钥和 FIELD_CIPHER 的算法，"
        "并补上缺少的盲索引；可随时重复运行，运行时不必停机。"
    )

    def handle(self, **options):
        unreadable = 0
        for kind, again in ((EncryptedTextField, reencrypt_column), (FileField, reseal_files)):
            for model, field in _fields(kind):
                changed, lost = again(model, field)
                unreadable += lost
                self.stdout.write(f"{model._meta.label}.{field.name}: {changed}")
        if unreadable:
            raise CommandError(
                f"有 {unreadable} 个值或文件不能用任何一个密钥解开："
                "请先把它们当时的密钥补进 FIELD_KEYS。"
            )
        for model, field in _fields(BlindIndexField):
            self.stdout.write(f"{model._meta.label}.{field.name}: {fill(model, field)}")


def _fields(kind):
    for model in apps.get_models():
        yield from ((model, field) for field in model._meta.local_fields if isinstance(field, kind))


def reseal_files(model, field):
    """(how many files were sealed again, how many no key can read). The latter stay unchanged."""
    changed = lost = 0
    named = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
    for name in named.iterator(chunk_size=BATCH):
        try:
            changed += field.storage.reseal(name)
        except FileNotFoundError:
            continue  # deleted meanwhile, or missing: verify_integrity tells
        except OSError:
            lost += 1
    return changed, lost


def reencrypt_column(model, field):
    """(how many values were encrypted again, how many no key can read). The latter stay."""
    table, column, key = map(
        connection.ops.quote_name, (model._meta.db_table, field.column, model._meta.pk.column)
    )
    changed = lost = last = 0
    with connection.cursor() as cursor:
        while True:
            # The stored tokens themselves, which the field would decrypt; names come from models.
            cursor.execute(
                f"SELECT {key}, {column} FROM {table} WHERE {key} > %s AND {column} <> '' "  # noqa: S608
                f"ORDER BY {key} LIMIT {BATCH}",
                [last],
            )
            rows = cursor.fetchall()
            if not rows:
                return changed, lost
            for pk, token in rows:
                last = pk
                try:
                    text = fields.decrypt(token)
                except InvalidToken:
                    lost += 1
                    continue
                if ciphers.is_newest(token):
                    continue
                # Only what was read: a value written since then has the newest key.
                cursor.execute(
                    f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",  # noqa: S608
                    [fields.encrypt(text), pk, token],
                )
                changed += cursor.rowcount
