from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class SingleSignOnConfig(AppConfig):
    name = "apps.single_sign_on"
    verbose_name = "统一身份认证"

    def ready(self):
        """allauth ends a sign-in by itself, after a second factor too; its signal tells us."""
        sign_in = import_module("apps.single_sign_on.sign_in")
        user_logged_in.connect(sign_in.note_sign_in)
