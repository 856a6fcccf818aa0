from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "apps.cards"
    verbose_name = "社保卡与制卡"
