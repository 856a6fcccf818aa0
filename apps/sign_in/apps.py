from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed


class SignInConfig(AppConfig):
    name = "apps.sign_in"
    verbose_name = "登录"

    def ready(self):
        """Django and allauth sign people in and out; only their signals tell us."""
        recording = import_module("apps.sign_in.recording")
        user_logged_in.connect(recording.note_sign_in)
        user_logged_out.connect(recording.note_sign_out)
        user_login_failed.connect(recording.note_failure)
