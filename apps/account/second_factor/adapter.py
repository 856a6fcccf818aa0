"""What allauth.mfa asks of this portal: sealing the secrets, drawing the QR code, the words."""

import segno
from allauth.mfa.adapter import DefaultMFAAdapter

from apps.account.second_factor import gate
from apps.encryption.fields import decrypt, encrypt

ISSUER = "社保卡自助办理"


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "验证码不对。请看一下验证器里现在的数字，或用一个没有用过的恢复码。",
        "cannot_delete_authenticator": (
            "您的账户能进入审核后台，必须保留一种两步验证。请先添加另一种，再移除这一种。"
        ),
        "cannot_generate_recovery_codes": "请先添加通行密钥或验证器，再生成恢复码。",
    }

    def get_totp_issuer(self):
        return ISSUER

    def build_totp_svg(self, url):
        return segno.make(url, error="m").svg_inline(scale=4, border=2)

    def encrypt(self, text):
        return encrypt(text)

    def decrypt(self, encrypted_text):
        return decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator):
        return not gate.is_last_of_staff(authenticator)

    def generate_authenticator_name(self, user, type):
        count = user.authenticator_set.filter(type=type).count()
        return f"通行密钥 {count + 1}"

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": ISSUER}
