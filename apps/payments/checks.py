"""What must be configured before anybody can pay."""

from django.conf import settings
from django.core.checks import Error

NEEDED = {
    "sandbox": ("PORTAL_PAYMENT_KEY", "SANDBOX_CASHIER_KEY"),
    "alipay": ("PORTAL_PAYMENT_KEY", "ALIPAY_APP_ID", "ALIPAY_SELLER_ID"),
}
CERTIFICATES = ("ALIPAY_CERT", "ALIPAY_APP_CERT", "ALIPAY_ROOT_CERT")


def check_gateway(app_configs, **kwargs):
    name = settings.PAYMENT_GATEWAY
    if name not in NEEDED:
        return [
            Error(
                f"PAYMENT_GATEWAY is {name!r}; it must be one of {', '.join(NEEDED)}.",
                id="payments.E001",
            )
        ]
    needed = list(NEEDED[name])
    if name == "alipay":
        needed += CERTIFICATES if settings.ALIPAY_CERT else ["ALIPAY_PUBLIC_KEY"]
    missing = [setting for setting in needed if not getattr(settings, setting)]
    if missing:
        return [
            Error(
                f"The payment gateway {name} needs: {', '.join(missing)}.",
                hint="Set them in the environment, or name another PAYMENT_GATEWAY.",
                id="payments.E002",
            )
        ]
    return []
