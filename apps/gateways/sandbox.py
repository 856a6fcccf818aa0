"""The sandbox cashier as a gateway: Alipay's dialect, our own cashier at the other end."""

from django.conf import settings

from apps.gateways import rsa2
from apps.gateways.alipay import STATES, AlipayGateway
from apps.gateways.port import TradeState

APP_ID = "sandbox-portal"
SELLER_ID = "sandbox-seller"


class SandboxGateway(AlipayGateway):
    form_action = ()
    pages_with_quit_url = frozenset({"alipay.trade.wap.pay", "alipay.trade.page.pay"})
    states = STATES | {"TRADE_FAILED": TradeState.FAILED}

    def __init__(self):
        self.url = settings.PORTAL_URL + settings.SANDBOX_CASHIER_PATH
        self.app_id = APP_ID
        self.seller_id = SELLER_ID
        self.private_key = settings.PORTAL_PAYMENT_KEY
        self.platform_key = rsa2.public_part(settings.SANDBOX_CASHIER_KEY)
