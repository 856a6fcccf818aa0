"""The port through which messages leave the portal. Adapters are named by settings."""

from django.conf import settings
from django.utils.module_loading import import_string


class SendFailed(Exception):
    """The message did not leave; the caller decides whether and when to try again."""


def send_sms(*, phone, text):
    """Send `text` to the mobile `phone`. Never inside a transaction. Raises `SendFailed`."""
    import_string(settings.SMS_SENDER)().send(phone=phone, text=text)
