"""SMS through a gateway that takes signed JSON over HTTP.

POST SMS_GATEWAY_URL with the body {"phone": …, "text": …} and three headers:
X-Timestamp (seconds since 1970), X-Nonce (random, so that the gateway can refuse a replay) and
X-Signature, the HMAC-SHA-256 in hex, under SMS_GATEWAY_KEY, of timestamp, nonce and body joined by
line feeds. The gateway answers 2xx when it has taken the message, and 422 when the number is wrong
and it will never take one to it; everything else is a failure that another try may mend.
"""

import hashlib
import hmac
import json
import secrets
import time
from http import HTTPStatus

from django.conf import settings

from apps.common.http_calls import CallFailed, call
from apps.common.messaging import SendFailed, WrongPhone


def signature(*, key, timestamp, nonce, body):
    """What X-Signature holds; `body` is bytes, the rest text."""
    message = b"\n".join([timestamp.encode(), nonce.encode(), body])
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


class HttpSms:
    def send(self, *, phone, text, **template):
        url = settings.SMS_GATEWAY_URL
        body = json.dumps({"phone": phone, "text": text}, ensure_ascii=False).encode()
        timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": signature(
                key=settings.SMS_GATEWAY_KEY, timestamp=timestamp, nonce=nonce, body=body
            ),
        }
        try:
            call("POST", url, seconds=settings.SMS_GATEWAY_TIMEOUT, data=body, headers=headers)
        except CallFailed as error:
            is_final = error.answered == HTTPStatus.UNPROCESSABLE_ENTITY
            kind = WrongPhone if is_final else SendFailed
            raise kind(f"SMS gateway: {error}") from error
