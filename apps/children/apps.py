from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "apps.children"
    verbose_name = "子女登记"
