from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed


class PeopleConfig(AppConfig):
    name = "apps.people"
    verbose_name = "人员"

    def ready(self):
        """Django and allauth sign people in and out; only their signals tell us."""
        sign_in = import_module("apps.people.sign_in")
        user_logged_in.connect(sign_in.note_sign_in)
        user_logged_out.connect(sign_in.note_sign_out)
        user_login_failed.connect(sign_in.note_failure)
