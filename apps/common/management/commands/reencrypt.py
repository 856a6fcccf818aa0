"""`manage.py reencrypt`: encrypts all values with the first key of FIELD_KEYS.

Run it after a new key was put first, and before the old key is removed.
It also fills blind indexes that are missing: a process of an older version, still running during an
upgrade, writes rows without a newer index.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from apps.common.fields import BlindIndexField, EncryptedTextField
from apps.common.reindex import fill

BATCH = 500


class Command(BaseCommand):
    help = (
        "把所有加密列改用 FIELD_KEYS 中的第一个密钥，并补上缺少的盲索引；"
        "可随时重复运行，运行时不必停机。"
    )

    def handle(self, **options):
        unreadable = 0
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, EncryptedTextField):
                    changed, lost = reencrypt_column(model, field)
                    unreadable += lost
                    self.stdout.write(f"{model._meta.label}.{field.name}: {changed}")
        if unreadable:
            raise CommandError(
                f"有 {unreadable} 个值不能用任何一个密钥解开：请先把它们当时的密钥补进 FIELD_KEYS。"
            )
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, BlindIndexField):
                    self.stdout.write(f"{model._meta.label}.{field.name}: {fill(model, field)}")


def reencrypt_column(model, field):
    """(how many values got the newest key, how many no key can read). The latter stay unchanged."""
    newest, every = Fernet(settings.FIELD_KEYS[0]), MultiFernet(map(Fernet, settings.FIELD_KEYS))
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
                if _reads(newest, token):
                    continue
                if not _reads(every, token):
                    lost += 1
                    continue
                # Only what was read: a value written since then has the newest key.
                cursor.execute(
                    f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",  # noqa: S608
                    [every.rotate(token).decode(), pk, token],
                )
                changed += cursor.rowcount


def _reads(cipher, token):
    try:
        cipher.decrypt(token)
    except InvalidToken:
        return False
    return True
