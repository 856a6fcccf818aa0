from importlib import import_module

from django.apps import AppConfig

from apps.cards.enums import RequestKind
from apps.requests.policies import register_submission_check


class ReplacementConfig(AppConfig):
    name = "apps.replacement"
    verbose_name = "社会保障卡补换"

    def ready(self):
        services = import_module("apps.replacement.services")
        register_submission_check(
            RequestKind.REPLACEMENT, services.check_again, asks=services.asks_again
        )
