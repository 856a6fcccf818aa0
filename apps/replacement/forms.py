from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from apps.cards.enums import ReplacementReason
from apps.common.addresses import row_url
from apps.common.moments import day_of
from apps.common.templatetags.formats import day as day_words
from apps.people.forms import AgreementForm
from apps.regions.enums import Service
from apps.regions.models import Bank, City
from apps.regions.wording import bank_openness, service_openness
from apps.requests.inputs import half_width
from apps.typed_text.inputs import DayField
from apps.typed_text.plain_text import is_blank, visible

# Listed, but not a reason for this page: the page explains to go to the insurance agency first.
KEY_DATA_CHANGED = "KEY_DATA_CHANGED"
OF_A_LOST_CARD = ("lost_date", "place", "receipt_number")
_TELLS_OF_A_LOSS = (
    f"您选的不是「{ReplacementReason.LOST.label}」，又写了丢失的日期、地点或回执号。卡丢了的，"
    f"请改选「{ReplacementReason.LOST.label}」；没有丢的，请把丢失的日期、地点和回执号清空。"
)


class ReasonForm(forms.Form):
    """A form with the field `reason`, whose rare choices stand behind the four common ones."""

    COMMON = 4
    fields: dict[str, Any]  # choices, and other fields

    @property
    def has_rare_reason(self):
        """Whether one of the choices behind is chosen, or every one has to be in view."""
        field = self.fields["reason"]
        rare = {str(value) for value, _ in field.choices[self.COMMON :]}
        return bool(self["reason"].errors) or str(self["reason"].value() or "") in rare


class HalfWidthField(forms.CharField):
    unmarked = True  # one of the two has to be filled in: the word 选填 would mislead

    def to_python(self, value):
        return half_width(super().to_python(value))


class DeclarationForm(ReasonForm):
    """登记正式挂失 at the moment `at`; `issued_date` is the day on which the card was made.

    When and where is asked of a card that was lost only: a damaged one is in somebody's hands.
    """

    reason = forms.ChoiceField(
        label="为什么补换",
        choices=ReplacementReason.choices,
        initial=ReplacementReason.LOST,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "没有这个补换原因，请从列表中重新选择。"},
    )
    lost_date = DayField(
        label="什么时候丢的",
        unmarked=True,
        error_messages={
            "required": "请填写丢失的日期，记不清的填大约的一天。",
            "invalid": "日期不正确，请按 2026-11-20 的样子填写。",
        },
    )
    place = HalfWidthField(
        label="在哪里丢的",
        required=False,
        max_length=100,
        help_text="例如：学校食堂、回家的公交车上",
        error_messages={"max_length": "最多写 %(limit_value)d 个字，请删减。"},
    )
    receipt_number = HalfWidthField(
        label="挂失回执号",
        required=False,
        max_length=40,
        help_text="已经在网点办过书面挂失的，填回执上的编号",
        error_messages={"max_length": "回执号最多%(limit_value)d个字，请核对。"},
    )
    is_sworn = forms.BooleanField(
        label="我声明以上情况属实，并知道：补换申请提交后，正式挂失不能再撤销",
        error_messages={"required": "请勾选声明后再登记。"},
    )

    def __init__(self, *args, at, issued_date, **options):
        super().__init__(*args, **options)
        self.at = at
        self.issued_date = issued_date
        self.fields["reason"].unmarked = True
        if not self.is_lost:
            for name in OF_A_LOST_CARD:
                self.fields[name].required = False

    @property
    def is_lost(self):
        """Whether nothing else is chosen."""
        others = {*ReplacementReason.values} - {ReplacementReason.LOST}
        return str(self["reason"].value()) not in others

    @property
    def tells_of_a_loss(self):
        """Whether something else is chosen, and yet it is written when or where the card was lost.

        Then the person is asked which of them is right.
        """
        typed = (str(self.data.get(self.add_prefix(name)) or "") for name in OF_A_LOST_CARD)
        return self.is_bound and not self.is_lost and not all(map(is_blank, typed))

    def clean_reason(self):
        return self.cleaned_data["reason"] or ReplacementReason.LOST

    def clean_lost_date(self):
        day = self.cleaned_data["lost_date"]
        if not self.is_lost:
            return day_of(self.at)
        if day > day_of(self.at):
            raise ValidationError("丢失日期不能晚于今天。", code="future")
        if self.issued_date is not None and day < self.issued_date:
            raise ValidationError(
                f"丢失日期不能早于制卡日期（{day_words(self.issued_date)}）。", code="before_issue"
            )
        return day

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if not self.is_lost:
            for name in OF_A_LOST_CARD:
                self.errors.pop(name, None)
            if self.tells_of_a_loss:
                self.add_error("reason", _TELLS_OF_A_LOSS)
            data |= {"lost_date": day_of(self.at), "place": "", "receipt_number": ""}
            return data
        if not {"place", "receipt_number"} & set(self.errors) and not (
            data.get("place") or data.get("receipt_number")
        ):
            self.add_error("place", "请填写丢失的地点；在网点办过挂失的，也可以只填回执号。")
        return data

    def declaration(self):
        """The arguments of the service, apart from card, person and moment."""
        return {name: self.cleaned_data[name] for name in ("reason", *OF_A_LOST_CARD)}


class CityField(forms.ModelChoiceField):
    def label_from_instance(self, city):
        return city.full_name


class TermsForm(ReasonForm, AgreementForm):
    """补换原因, and where it matters the new bank or the new city.

    `reason` decides which of them are asked for. The consents are asked for unless `has_agreed`.
    """

    # Name of the button that shows the form again with the banks of the chosen city, unvalidated.
    NARROW = "narrow"

    reason = forms.ChoiceField(
        label="补换原因",
        choices=[
            *ReplacementReason.choices,
            (KEY_DATA_CHANGED, "姓名、社会保障号码等关键信息变化"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择补换原因。",
            "invalid_choice": "没有这个补换原因，请从列表中重新选择。",
        },
    )
    city = CityField(
        label="新的参保地",
        queryset=City.objects.none(),
        empty_label="请选择新的参保地",
        error_messages={
            "required": "请选择新的参保地。",
            "invalid_choice": "这个地区还没有开通网上补换，请从列表中重新选择。",
        },
    )
    bank = forms.ModelChoiceField(
        label="新的发卡银行",
        queryset=Bank.objects.none(),
        empty_label="请选择发卡银行",
        help_text="只支持有全国性服务网点的银行",
        error_messages={
            "required": "请选择新的发卡银行。",
            "invalid_choice": "这家银行在这个地区不能选，请从列表中重新选择。",
        },
    )

    def __init__(self, *args, card, at, has_agreed, **options):
        super().__init__(*args, **options)
        self.card = card
        self.fields["reason"].widget.attrs |= {
            "hx-get": row_url("replacement:start", card.reference),
            "hx-target": "#terms",
        }
        if has_agreed:
            for bound in self.consents:
                del self.fields[bound.name]
        self._narrow(at)

    def _value(self, name):
        return visible(str(self[name].value() or ""))

    def _narrow(self, at):
        """Keep only what the chosen reason asks for, and only the banks of the chosen city."""
        day = day_of(at)
        self.chosen = self._value("reason")
        city = None
        city_field = cast(forms.ModelChoiceField, self.fields["city"])
        bank_field = cast(forms.ModelChoiceField, self.fields["bank"])
        if self.chosen == ReplacementReason.AREA_CHANGED:
            cities = City.objects.offering(Service.REPLACE, day=day).exclude(pk=self.card.city_id)
            city_field.queryset = cities.select_related("province").in_order()
            city_field.widget.attrs |= {
                "hx-get": row_url("replacement:banks", self.card.reference),
                "hx-target": "#bank",
                "hx-sync": "this:replace",
            }
            city = cities.filter(pk=self._value("city")).first()
            if city is None:
                bank_field.empty_label = "请先选择新的参保地"
                self._say_why_closed(day)
        else:
            del self.fields["city"]
        if self.chosen == ReplacementReason.BANK_CHANGED:
            others = Bank.objects.offered_in(self.card.city, day).exclude(pk=self.card.bank_id)
            bank_field.queryset = others.order_by("code")
        elif self.chosen != ReplacementReason.AREA_CHANGED:
            del self.fields["bank"]
        elif city is not None:
            bank_field.queryset = Bank.objects.offered_in(city, day).order_by("code")
        if "bank" in self.fields:
            self._say_why_not_offered(city or self.card.city, day)

    def _say_why_not_offered(self, city, day):
        """A bank that is no longer, or not yet, among the choices is told what it is today."""
        bank = Bank.objects.filter(pk=self._value("bank")[:6]).first()
        if bank is None:
            return
        there = bank_openness(city, bank, day=day)
        if not there.is_open:
            why = there.why_not(where=f"{bank.name}在{city.name}", what="社保卡", never="没有开通")
            message = f"{why}，请从列表中重新选择。"
            self.fields["bank"].error_messages["invalid_choice"] = message

    def _say_why_closed(self, day):
        """A city that is no longer, or not yet, among the choices is told what it is today."""
        city = City.objects.filter(pk=self._value("city")).first()
        if city is not None:
            standing = service_openness(city, Service.REPLACE, day=day)
            why = standing.why_not(where=city.name, what="网上补换")
            message = f"{why}，请从列表中重新选择。"
            self.fields["city"].error_messages["invalid_choice"] = message

    @property
    def is_lost(self):
        return self.chosen == ReplacementReason.LOST

    @property
    def is_key_data(self):
        """Whether the chosen reason has to be handled by the insurance agency first."""
        return self.chosen == KEY_DATA_CHANGED

    @property
    def is_asking(self):
        """Whether the form must be shown again with the fields of its reason, unvalidated."""
        return self.NARROW in self.data or any(
            name in self.fields and name not in self.data for name in ("city", "bank")
        )

    def clean_reason(self):
        reason = self.cleaned_data["reason"]
        if self.is_key_data:
            raise ValidationError(
                "姓名、社会保障号码变化的，请先到参保地社保经办机构变更，再来换卡。",
                code="key_data_changed",
            )
        return reason

    def terms(self):
        """The arguments of the service: reason, city and bank, by default those of the old card."""
        return {
            "reason": self.cleaned_data["reason"],
            "city": self.cleaned_data.get("city") or self.card.city,
            "bank": self.cleaned_data.get("bank") or self.card.bank,
        }
