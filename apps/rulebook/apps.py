from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "apps.rulebook"
    verbose_name = "地区与规则（审核后台）"
