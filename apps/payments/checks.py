"""What must be configured before anybody can pay."""

from django.conf import settings
from django.core.checks import Error

NEEDED = {
    "sandbox": ("PORTAL_PAYMENT_KEY", "SANDBOX_CASHIER_KEY"),
    "alipay": ("PORTAL_PAYMENT_KEY", "ALIPAY_APP_ID", "ALIPAY_SELLER_ID", "ALIPAY_PUBLIC_KEY"),
}


def check_gateway(app_configs, **kwargs):
    name = settings.PAYMENT_GATEWAY
    if name not in NEEDED:
        return [
            Error(
                f"PAYMENT_GATEWAY is {name!r}; it must be one of {', '.join(NEEDED)}.",
                id="payments.E001",
            )
        ]
    missing = [setting for setting in NEEDED[name] if not getattr(settings, setting)]
    if missing:
        return [
            Error(
                f"The payment gateway {name} needs: {', '.join(missing)}.",
                hint="Set them in the environment, or name another PAYMENT_GATEWAY.",
                id="payments.E002",
            )
        ]
    return []
