"""The agreements before a card is applied for or replaced."""

from django import forms

from apps.people.enums import ConsentKind


class ConsentField(forms.BooleanField):
    """One agreement: the text `kind`, its `gist` in one sentence, and a box of its own.

    `is_separate`: the law wants this consent by itself (个人信息保护法第二十三条、第二十九条、
    第三十一条).
    """

    def __init__(self, *, kind, gist, is_separate=False, **options):
        words = "我单独同意" if is_separate else "我已阅读并同意"
        options.setdefault("label", f"{words}《{kind.label}》")
        options.setdefault("help_text", gist)
        options.setdefault("error_messages", {"required": f"请勾选《{kind.label}》。"})
        super().__init__(**options)
        self.kind = kind
        self.is_separate = is_separate


class ConsentForm(forms.Form):
    """A form with agreements, each with a box. No box is ticked beforehand."""

    # The browser's own bubbles would stand in front of the page's words.
    use_required_attribute = False

    @property
    def consents(self):
        """The bound fields of the agreements."""
        return [bound for bound in self if isinstance(bound.field, ConsentField)]

    @property
    def is_untouched(self):
        """Whether the form came without a single box: it has to be shown first."""
        return self.is_bound and not any(bound.html_name in self.data for bound in self.consents)


def service_field():
    return ConsentField(kind=ConsentKind.SERVICE, gist="办什么、多久、付款后不能撤销。")


def privacy_field():
    return ConsentField(kind=ConsentKind.PRIVACY, gist="收哪些信息、存多久、怎么查和删。")


def sensitive_field(*, whose="您的"):
    return ConsentField(
        kind=ConsentKind.SENSITIVE,
        gist=f"{whose}证件信息和照片，只用来办这张卡。",
        is_separate=True,
    )


def third_party_field():
    return ConsentField(
        kind=ConsentKind.THIRD_PARTY,
        gist="发卡银行、制卡中心、邮寄单位，各看办卡要用的。",
        is_separate=True,
    )


class AgreementForm(ConsentForm):
    """The agreements of somebody who acts for themselves."""

    service = service_field()
    privacy = privacy_field()
    sensitive = sensitive_field()
    third_party = third_party_field()
