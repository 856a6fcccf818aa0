"""The port through which messages leave the portal. Adapters are named by settings."""

from enum import StrEnum

from django.conf import settings
from django.utils.module_loading import import_string

SENDER = "社保卡自助办理"
SIGN = f"【{SENDER}】"  # what every SMS begins with, as operators demand


class SendFailed(Exception):
    """The message did not leave; the caller decides whether and when to try again."""


class WrongPhone(SendFailed):
    """The provider will never send to this number: it is wrong. Another try changes nothing."""


class SmsKind(StrEnum):
    """What an SMS is for. An operator of mobile messages approves one template for each kind."""

    CODE = "code"
    INVITATION = "invitation"
    NOTICE = "notice"


def send_sms(*, phone, text, kind=SmsKind.NOTICE, parts=None, template=""):
    """Send `text` to the mobile `phone`. Never inside a transaction. Raises `SendFailed`,
    for a number that is wrong `WrongPhone`.

    A sender that may fill approved templates only takes that of `kind` with `parts` (name → value)
    in place of the text: `code` of a code, `token` of an invitation. A `template`, the provider's
    code of one, stands for this text alone.
    """
    sender = import_string(settings.SMS_SENDER)()
    sender.send(phone=phone, text=text, kind=kind, parts=parts or {}, template=template)


def fills_templates():
    """Whether the sender of this installation sends approved templates in place of the text."""
    return getattr(import_string(settings.SMS_SENDER), "fills_templates", False)
