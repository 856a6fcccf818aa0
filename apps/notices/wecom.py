"""企业微信: a message of the portal's own application to a member of the university.

The member is WECOM_USER_ID, in which {number} is the employee number. A text that is sent twice
within half an hour arrives once: the server compares.
"""

import time
from threading import Lock

from django.conf import settings

from apps.common.http_calls import CallFailed, call
from apps.common.messaging import SendFailed

# Seconds before its end at which a token is no longer used, and in which doubles are held back.
MARGIN, SAME_TEXT = 300, 1800
EXPIRED_TOKEN = {40014, 42001}
NO_SUCH_MEMBER = {60111, 81013}

_tokens: dict[tuple[str, str], tuple[str, float]] = {}
_lock = Lock()


class NoSuchMember(Exception):
    """The university's 企业微信 knows nobody by this number, or not for this application."""


def send(*, number, text):
    """Send `text` to the member with the employee `number`.

    Never inside a transaction. Raises `SendFailed` and `NoSuchMember`.
    """
    member = settings.WECOM_USER_ID.format(number=number)
    message = {
        "touser": member,
        "msgtype": "text",
        "agentid": settings.WECOM_AGENT_ID,
        "text": {"content": text},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": SAME_TEXT,
    }
    answer = _ask("POST", "message/send", params={"access_token": _token()}, json=message)
    code = answer.get("errcode")
    if code in EXPIRED_TOKEN:
        # The next try asks for a new one.
        _tokens.pop(_application(), None)
    if code in NO_SUCH_MEMBER or (code == 0 and answer.get("invaliduser")):
        raise NoSuchMember
    if code != 0:
        raise SendFailed(f"企业微信: errcode {code}")


def _application():
    return settings.WECOM_CORP_ID, settings.WECOM_SECRET


def _token():
    """The access token of this process: the server gives every process the same while it lasts."""
    with _lock:
        token, until = _tokens.get(_application(), ("", 0.0))
        if time.monotonic() < until:
            return token
        corp, secret = _application()
        answer = _ask("GET", "gettoken", params={"corpid": corp, "corpsecret": secret})
        token, lasts = answer.get("access_token"), answer.get("expires_in")
        if answer.get("errcode") != 0 or not token or not isinstance(lasts, int):
            raise SendFailed(f"企业微信: no token, errcode {answer.get('errcode')}")
        _tokens[_application()] = (token, time.monotonic() + lasts - MARGIN)
        return token


def _ask(method, path, **options):
    """The object that the server answers. Raises `SendFailed`."""
    url = f"{settings.WECOM_URL}/cgi-bin/{path}"
    try:
        answer = call(method, url, seconds=settings.WECOM_TIMEOUT, **options).json()
    except CallFailed as error:
        raise SendFailed(f"企业微信: {error}") from error
    except ValueError as error:
        raise SendFailed("企业微信: unreadable answer") from error
    if not isinstance(answer, dict):
        raise SendFailed("企业微信: unreadable answer")
    return answer
