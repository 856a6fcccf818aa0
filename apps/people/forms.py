"""The agreement before a card is applied for or replaced."""

from django import forms


class AgreementForm(forms.Form):
    """One box for each agreement. No box is ticked beforehand."""

    agreement = forms.BooleanField(
        label="我已阅读并同意《服务协议》和《个人信息处理规则》",
        error_messages={"required": "请阅读并勾选《服务协议》和《个人信息处理规则》。"},
    )
    sensitive = forms.BooleanField(
        label="我单独同意处理我的敏感个人信息（证件信息、照片），只用于办理社保卡",
        error_messages={"required": "办理社保卡要用到证件信息和照片，请勾选同意后再开始。"},
    )
    third_party = forms.BooleanField(
        label="我单独同意把办卡所需的信息提供给发卡银行、制卡中心和邮寄单位",
        error_messages={
            "required": "制卡和邮寄要把信息交给银行、制卡中心和邮寄单位，请勾选同意后再开始。"
        },
    )
