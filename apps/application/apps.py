from importlib import import_module

from django.apps import AppConfig

from apps.cards.enums import RequestKind
from apps.requests.policies import register_submission_check


class ApplicationConfig(AppConfig):
    name = "apps.application"
    verbose_name = "社会保障卡申领"

    def ready(self):
        eligibility = import_module("apps.application.eligibility")
        register_submission_check(
            RequestKind.FIRST, eligibility.check_again, asks=eligibility.asks_again
        )
