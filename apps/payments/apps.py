from django.apps import AppConfig
from django.core import checks

from apps.payments.checks import check_gateway


class PaymentsConfig(AppConfig):
    name = "apps.payments"
    verbose_name = "支付"

    def ready(self):
        checks.register(check_gateway)
