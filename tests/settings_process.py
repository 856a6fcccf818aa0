"""Settings as a process of their own reads them."""

import base64
import json
import os

from tests import fresh_process

# Enough to load the settings in production mode. Used in these tests only.
PRODUCTION = {
    "SBK_MODE": "production",
    "SECRET_KEY": "$dollar-first-and-then-fifty-different-characters-0123456789",
    "FIELD_KEYS": base64.urlsafe_b64encode(bytes(range(32))).decode(),
    "INDEX_KEY": "0123456789abcdef" * 4,
    "SEAL_KEY": base64.b64encode(bytes(range(32))).decode(),
    "DATABASE_URL": "postgres://portal:secret@database.example/portal?sslmode=verify-full",
    "REDIS_URL": "rediss://redis.example:6379/0?ssl_cert_reqs=required",
    "ALLOWED_HOSTS": "sbk.example.edu.cn",
    "PORTAL_URL": "https://sbk.example.edu.cn",
    "CARD_BUREAU": "apps.bureau.adapters.simulated.SimulatedBureau",
    "PORTAL_PAYMENT_KEY": "a key",
    "ALIPAY_APP_ID": "an id",
    "ALIPAY_SELLER_ID": "an id",
    "ALIPAY_PUBLIC_KEY": "a key",
    "SMS_GATEWAY_URL": "https://sms.example/send",
    "SMS_GATEWAY_KEY": "a key",
}
NEUTRAL = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}


def values(*names, env):
    """The named settings as a fresh process reads them."""
    code = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({{name: getattr(settings, name) for name in {names!r}}}, default=str))"
    )
    module = {"DJANGO_SETTINGS_MODULE": "sbk_portal.settings"}
    result = fresh_process.run(code, env=NEUTRAL | module | env)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def refusal(env):
    """The last line of a start that is refused."""
    result = fresh_process.run("import sbk_portal.settings", env=NEUTRAL | env)
    assert result.returncode != 0
    return result.stderr.strip().splitlines()[-1]
