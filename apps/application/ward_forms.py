"""What a guardian agrees to before a child's application."""

from apps.people.enums import ConsentKind
from apps.people.forms import (
    ConsentField,
    ConsentForm,
    privacy_field,
    sensitive_field,
    service_field,
    third_party_field,
)

OR_AT_A_COUNTER = "不同意的话，请点「不同意，改到窗口办理」。"


class WardAgreementForm(ConsentForm):
    """One box for each consent. `kinds` are those that this child needs."""

    service = service_field()
    privacy = privacy_field()
    children = ConsentField(
        kind=ConsentKind.CHILDREN,
        label="我是孩子的监护人，已和孩子一起阅读并单独同意《儿童个人信息保护规则》",
        gist="孩子的信息只为办卡使用，孩子和您都能查、能改、能删。",
        is_separate=True,
        error_messages={
            "required": f"请勾选同意《儿童个人信息保护规则》；{OR_AT_A_COUNTER}",
        },
    )
    sensitive = sensitive_field(whose="孩子的")
    third_party = third_party_field()

    def __init__(self, *args, kinds, **options):
        super().__init__(*args, **options)
        for kind in (ConsentKind.CHILDREN, ConsentKind.SENSITIVE):
            if kind not in kinds:
                del self.fields[kind.lower()]
        if "sensitive" in self.fields:
            self.fields["sensitive"].error_messages["required"] += OR_AT_A_COUNTER
