from django import forms


class SearchForm(forms.Form):
    q = forms.CharField(
        label="查找申请",
        help_text=(
            "姓名（从姓开始）、工号、手机号、社保卡号、运单号、订单号、业务受理编号、"
            "社会保障号码或其后 4 位。"
        ),
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "size": 32}),
        error_messages={
            "required": "请输入要查找的内容。",
            "max_length": "最多 %(limit_value)d 个字，请只输入一项内容。",
        },
    )
