"""The ways by which a message reaches a person. A channel that is not registered is an error."""

from collections.abc import Callable
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail

from apps.common.messaging import SENDER, SIGN, SendFailed, WrongPhone, send_sms
from apps.events.messages import FORMER_PHONE, MAIL, PORTAL, SMS, WECOM
from apps.notices import wecom


class Unreachable(Exception):
    """The person has no address for this channel; the message is why, in Chinese."""


@dataclass(frozen=True)
class MessageChannel:
    """`deliver(user, text)` sends one text. Raises `SendFailed` (tried again unless it is a
    `WrongPhone`) or `Unreachable`.

    `sign` stands before every text. What `rings` waits for the end of the quiet hours. One that
    `has_templates` also takes `template` and `parts`, as `send_sms` does; one that `has_title`
    takes `subject`.
    """

    name: str
    label: str
    deliver: Callable[..., None]
    sign: str = ""
    rings: bool = True
    has_templates: bool = False
    has_title: bool = False


_CHANNELS: dict[str, MessageChannel] = {}


def register(channel):
    """Make `channel` known and return it. Raises ValueError when its name is taken."""
    if channel.name in _CHANNELS:
        raise ValueError(f"two channels are named {channel.name}")
    _CHANNELS[channel.name] = channel
    return channel


def get(name):
    """The `MessageChannel` of this name. Raises LookupError for one that nobody registered."""
    if name not in _CHANNELS:
        raise LookupError(f"no channel is named {name}")
    return _CHANNELS[name]


def rings(name):
    """Whether what goes by the channel of this name waits for the end of the quiet hours."""
    return name in _CHANNELS and _CHANNELS[name].rings


def _show(user, text):
    """Nothing to do: the text is in the row, and the page of the messages reads it there."""


def _send_sms(user, text, **approved):
    holder = getattr(user, "holder", None)
    if holder is None or not holder.phone:
        raise Unreachable("收信人没有登记手机号")
    send_sms(phone=holder.phone, text=text, **approved)


def _send_to_former_phone(user, text, **approved):
    """Send to each phone that was registered lately, so that its owner notices the change.

    Raises `WrongPhone` where all of them are wrong.
    """
    holder = getattr(user, "holder", None)
    if holder is None or not holder.former_phone:
        raise Unreachable("收信人没有以前的手机号")
    phones, refused = holder.former_phone.split(), []
    for phone in phones:
        try:
            send_sms(phone=phone, text=text, **approved)
        except WrongPhone as error:
            refused.append(error)
    if len(refused) == len(phones):
        raise refused[0]


def _send_wecom(user, text):
    try:
        wecom.send(number=user.employee_number, text=text)
    except wecom.NoSuchMember:
        raise Unreachable("企业微信里没有收信人") from None


def mail(user, text, *, subject=SENDER):
    """Send `text` to the university's address of `user`. Raises `SendFailed`."""
    address = settings.MAIL_ADDRESS.format(number=user.employee_number)
    try:
        send_mail(subject, text, None, [address])
    except (SMTPException, OSError) as error:
        raise SendFailed(f"mail: {type(error).__name__}") from error


register(MessageChannel(PORTAL, "站内消息", _show, rings=False))
register(MessageChannel(SMS, "短信", _send_sms, sign=SIGN, has_templates=True))
register(
    MessageChannel(
        FORMER_PHONE, "短信（原手机号）", _send_to_former_phone, sign=SIGN, has_templates=True
    )
)
register(MessageChannel(WECOM, "企业微信", _send_wecom, sign=SIGN))
register(MessageChannel(MAIL, "电子邮件", mail, rings=False, has_title=True))
