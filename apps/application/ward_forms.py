"""The two forms before a child's application: the guardian's consents, and whose card and where."""

from django import forms

from apps.application.forms import PrecheckForm
from apps.people.enums import ConsentKind


class WardAgreementForm(forms.Form):
    """One box for each consent. No box is ticked beforehand."""

    agreement = forms.BooleanField(
        label="我已阅读并同意《服务协议》和《个人信息处理规则》",
        error_messages={"required": "请阅读并勾选《服务协议》和《个人信息处理规则》。"},
    )
    children = forms.BooleanField(
        label="我是孩子的监护人，已和孩子一起阅读《儿童个人信息保护规则》，"
        "单独同意为办理孩子的社保卡处理孩子的个人信息",
        error_messages={
            "required": "请勾选同意《儿童个人信息保护规则》；"
            "不同意的话，请点「不同意，改到窗口办理」。"
        },
    )
    sensitive = forms.BooleanField(
        label="我单独同意处理孩子的敏感个人信息（证件信息、照片），只用于办理社保卡",
        error_messages={
            "required": "办理社保卡要用到孩子的证件信息和照片，请勾选同意；"
            "不同意的话，请点「不同意，改到窗口办理」。"
        },
    )
    third_party = forms.BooleanField(
        label="我单独同意把办卡所需的信息提供给发卡银行、制卡中心和邮寄单位",
        error_messages={
            "required": "制卡和邮寄要把信息交给银行、制卡中心和邮寄单位，请勾选同意后再开始。"
        },
    )

    def __init__(self, *args, kinds, **options):
        super().__init__(*args, **options)
        for kind in (ConsentKind.CHILDREN, ConsentKind.SENSITIVE):
            if kind not in kinds:
                del self.fields[kind.lower()]


class WardPrecheckForm(PrecheckForm):
    """申领资格预校验 with name and number of a child."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        name, number = self.fields["name"], self.fields["id_number"]
        name.label, number.label = "孩子的姓名", "孩子的社会保障号码"
        name.widget.attrs["autocomplete"] = "off"
        name.error_messages["required"] = "请填写户口簿上孩子的姓名。"
        number.help_text = "就是孩子的18位身份证号码，户口簿上孩子那一页有"
        number.error_messages["required"] = "请填写孩子的社会保障号码，就是18位身份证号码。"
