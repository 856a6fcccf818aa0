from django.apps import AppConfig


class CashierConfig(AppConfig):
    name = "apps.cashier"
    verbose_name = "模拟收银台"
