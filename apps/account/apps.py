from importlib import import_module

from django.apps import AppConfig, apps
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save


class AccountConfig(AppConfig):
    name = "apps.account"
    label = "own_account"  # allauth has taken "account"
    verbose_name = "本人账户"

    def ready(self):
        """allauth changes second factors in its own views; only its signals tell us."""
        signals = import_module("allauth.mfa.signals")
        records = import_module("apps.account.second_factor.records")
        authenticators = apps.get_model("mfa", "Authenticator")
        post_save.connect(records.note_saved, sender=authenticators)
        post_delete.connect(records.note_deleted, sender=authenticators)
        signals.authenticator_used.connect(records.note_used)
        signals.authentication_failed.connect(records.note_failed)
        import_module("apps.account.second_factor.used_codes").install()
        gate = import_module("apps.account.second_factor.gate")
        user_logged_in.connect(gate.note_sign_in)
