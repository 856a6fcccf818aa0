"""SMS through Alibaba Cloud (短信服务), where a template is approved for each kind of message.

The call is SendSms, version 2017-05-25, signed with ACS3-HMAC-SHA256 as the provider's pages on the
"V3" signature describe. In place of the text its template is sent, which ALIBABA_SMS_TEMPLATES
names, with the parts that the template leaves open. Words that were edited at the desk name the
template that was approved for them.
"""

import hashlib
import hmac
import json
import secrets
import time
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from django.conf import settings

from apps.common.http_calls import CallFailed, call
from apps.common.messaging import SendFailed, WrongPhone

ALGORITHM = "ACS3-HMAC-SHA256"
VERSION = "2017-05-25"
# The number is none. What is limited for a while, or by a setting, has other codes.
WRONG_NUMBER = "isv.MOBILE_NUMBER_ILLEGAL"


class AlibabaSms:
    fills_templates = True

    def send(self, *, phone, text, kind, parts, template=""):
        template = template or settings.ALIBABA_SMS_TEMPLATES.get(str(kind))
        if not template:
            raise SendFailed(f"ALIBABA_SMS_TEMPLATES names no template for {kind}")
        query = {
            "PhoneNumbers": phone,
            "SignName": settings.ALIBABA_SMS_SIGN,
            "TemplateCode": template,
            "TemplateParam": json.dumps(parts, ensure_ascii=False),
        }
        url = settings.ALIBABA_SMS_URL
        headers = signed_headers(
            host=urlsplit(url).netloc,
            action="SendSms",
            version=VERSION,
            query=query,
            key_id=settings.ALIBABA_KEY_ID,
            secret=settings.ALIBABA_KEY_SECRET,
            at=datetime.fromtimestamp(time.time(), UTC),
            nonce=secrets.token_hex(16),
        )
        try:
            answer = call(
                "POST",
                f"{url}?{canonical_query(query)}",
                seconds=settings.SMS_GATEWAY_TIMEOUT,
                headers=headers,
            )
            code = answer.json().get("Code")
        except CallFailed as error:
            raise SendFailed(f"Alibaba Cloud: {error}") from error
        except (ValueError, AttributeError) as error:
            raise SendFailed("Alibaba Cloud: unreadable answer") from error
        if code != "OK":
            kind = WrongPhone if code == WRONG_NUMBER else SendFailed
            raise kind(f"Alibaba Cloud: {str(code)[:100]}")


def canonical_query(query):
    """The parameters in the order and spelling that is signed."""
    return "&".join(f"{_encoded(name)}={_encoded(query[name])}" for name in sorted(query))


def signed_headers(*, host, action, version, query, key_id, secret, at, nonce):
    """The headers of a POST without a body to the path /, `at` being the moment of the call."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    asked = "\n".join(
        ["POST", "/", canonical_query(query), lines, names, headers["x-acs-content-sha256"]]
    )
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={key_id},SignedHeaders={names},Signature={signature}"
    return headers | {"Authorization": f"{ALGORITHM} {credential}"}


def _encoded(text):
    return quote(text, safe="-_.~")
