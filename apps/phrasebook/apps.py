from django.apps import AppConfig


class PhrasebookConfig(AppConfig):
    name = "apps.phrasebook"
    verbose_name = "常用语"
