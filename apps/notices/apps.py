from importlib import import_module

from django.apps import AppConfig

from apps.events.messages import edited_by
from apps.notices import table


class NoticesConfig(AppConfig):
    name = "apps.notices"
    verbose_name = "消息"

    def ready(self):
        table.collect()
        edited_by(import_module("apps.notices.wordings").of_text)
        backend = import_module("apps.sign_in.backend")
        unread = import_module("apps.notices.unread")
        backend.carry(unread.TOLD, unread.told)
        backend.carry(unread.OF_OTHERS, unread.of_others)
