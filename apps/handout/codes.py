"""领卡码: what the QR code at the table says. It is signed, lives for minutes, and names nobody.

It carries two public references, of the card in its box and of the person who shows the code, and
the second in which it was drawn.
"""

import unicodedata
from datetime import UTC, datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer

from apps.common.refusals import Refused
from apps.typed_text.plain_text import visible

_PREFIX = "LK"
_SIGNER = Signer(salt="handout.code", sep=".")


class BadCode(Refused):
    """Not one of our codes, or one that is too old."""


def draw(box_card, bearer, *, at):
    """The text of the code with which `bearer`, a `Holder`, fetches `box_card`."""
    parts = (_PREFIX, box_card.reference, bearer.reference, str(int(at.timestamp())))
    return _SIGNER.sign("-".join(parts))


def looks_like_one(text):
    """Whether `text` is a code and no card number or employee number."""
    return _as_drawn(text).startswith(f"{_PREFIX}-")


def _as_drawn(text):
    """`text` from a scanner, which is a keyboard: with an input method, and perhaps shift lock.

    A Chinese input method types letters in full width, 。 for a full stop and —— for a low line.
    """
    typed = visible(text).replace("。", ".").replace("——", "_")
    typed = unicodedata.normalize("NFKC", typed).strip()
    return typed.swapcase() if typed.startswith(f"{_PREFIX.lower()}-") else typed


def read(text, *, at):
    """(reference of the `BoxCard`, reference of the bearer). Raises `BadCode`."""
    try:
        _, card, bearer, seconds = _SIGNER.unsign(_as_drawn(text)).split("-")
        drawn_at = datetime.fromtimestamp(int(seconds), tz=UTC)
    except (BadSignature, ValueError) as error:
        raise BadCode(
            "这不是本系统的领卡码。请让对方打开「领卡码」页面再扫。", code="forged"
        ) from error
    if not drawn_at <= at < drawn_at + settings.HAND_OUT_CODE_LIFETIME:
        raise BadCode("领卡码过期了，可能是截图。请让对方刷新「领卡码」页面再扫。", code="old")
    return card, bearer
