"""`manage.py reindex`: computes all blind indexes with the first key of INDEX_KEY.

Run it after every process has both keys, the new one first, and before the old one is removed.
"""

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from apps.encryption.fields import BlindIndexField
from apps.encryption.reindex import renew


class Command(BaseCommand):
    help = (
        "把所有盲索引改用 INDEX_KEY 中的第一个密钥；可中断、可重复运行，运行时不必停机，"
        "新旧两个密钥的索引都能查到。"
    )

    def handle(self, **options):
        left = 0
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, BlindIndexField):
                    changed, unreadable = renew(model, field)
                    left += unreadable
                    self.stdout.write(f"{model._meta.label}.{field.name}: {changed}")
        if left:
            raise CommandError(
                f"有 {left} 个索引没有更换：原来的值已解不开、已清空，或同一个值已有新索引。"
                "旧密钥请先留在 INDEX_KEY 里。"
            )
