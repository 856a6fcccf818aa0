from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from apps.common.addresses import page_url
from apps.common.moments import day_of
from apps.common.rules import rule_text
from apps.delivery.forms import ShipmentForm
from apps.regions.forms import CODE
from apps.regions.models import Bank, City
from apps.requests import registry
from apps.requests.particulars import own_values
from apps.typed_text.id_numbers import age
from apps.unsent.held_uploads import HeldFileField, HeldFileInput
from apps.unsent.merging import Unit
from apps.verification.pictures import ACCEPT, FORMATS, compact


class CityChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, city):
        return city.full_name


class PrecheckForm(forms.Form):
    """申领资格预校验 (manual, figure 6): the city and its bank, as they are open at `at`.

    Name and ID number are known and not asked for.
    """

    fields: dict[str, Any]  # choices of models

    # Name of the button that shows the form again with the banks of the chosen city, unvalidated.
    NARROW = "narrow"

    city = CityChoiceField(
        label="申领地区",
        queryset=City.objects.select_related("province"),
        error_messages={
            "required": "请选择申领地区。",
            "invalid_choice": "没有找到这个地区，请从列表中重新选择。",
        },
    )
    bank = forms.ModelChoiceField(
        label="发卡银行",
        queryset=Bank.objects.all(),
        help_text="只支持有全国性服务网点的银行",
        error_messages={
            "required": "请选择发卡银行。",
            "invalid_choice": "没有找到这家银行，请从列表中重新选择。",
        },
    )

    def __init__(self, *args, at, **options):
        super().__init__(*args, **options)
        self.at = at
        self._list_cities()
        # The GET sends this field only, so that no personal data is in the URL.
        self.fields["city"].widget.attrs |= {
            "hx-get": page_url("application:banks"),
            "hx-target": "#bank",
            "hx-sync": "this:replace",
        }
        self._narrow_banks()

    def _list_cities(self):
        """List the open cities. Another one is accepted here, and told later why it is closed."""
        cities = City.objects.open_on(day_of(self.at)).select_related("province").in_order()
        self.fields["city"].choices = [
            ("", "请选择申领地区"),
            *((city.pk, city.full_name) for city in cities),
        ]

    def _narrow_banks(self):
        """List the banks of the chosen city; another one is accepted here and judged later."""
        city = self["city"].value()
        if not CODE.fullmatch(str(city or "")):
            self.fields["bank"].choices = [("", "请先选择申领地区")]
            return
        banks = Bank.objects.issuing_in(str(city), day_of(self.at)).order_by("code")
        self.fields["bank"].choices = [
            ("", "请选择发卡银行"),
            *((bank.pk, _bank_label(bank)) for bank in banks),
        ]

    def full_clean(self):
        if self.is_bound and self.NARROW in self.data:
            self._errors = ErrorDict(renderer=self.renderer)
            self.cleaned_data = {}
            return
        super().full_clean()

    def is_valid(self):
        return self.NARROW not in self.data and super().is_valid()


def _bank_label(bank):
    return bank.name if bank.has_nationwide_branches else f"{bank.name}（不支持网上申领）"


class ReopenForm(forms.Form):
    """Which fields of a request are to be changed. `topics` are those of this applicant."""

    fields_to_change = forms.MultipleChoiceField(
        label="要修改哪些内容",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请勾选要修改的内容。",
            "invalid_choice": "有一项不在列表里，请重新勾选。",
        },
    )

    def __init__(self, *args, topics, **options):
        super().__init__(*args, **options)
        topics_field: Any = self.fields["fields_to_change"]
        topics_field.choices = [(name, registry.get(name).label) for name in topics]


class AskForm(ReopenForm):
    """What the desk is asked to change, and what is wrong."""

    text = forms.CharField(
        label="哪里不对，应该是什么",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="请不要写身份证号和银行卡号。",
        error_messages={
            "required": "请写明哪里不对、应该是什么。",
            "max_length": "最多 500 个字，请删减。",
        },
    )


class OwnShipmentForm(ShipmentForm):
    """Where the card goes, and the phone and address of a person who has turned 16.

    A guardian had given their own with the request.
    """

    def __init__(self, *args, card_request, at, **options):
        years = age(card_request.holder.birth_date, day=day_of(at))
        self.own = {f"own_{declared.name}": declared for declared in registry.of_household()}
        known = own_values(card_request.holder)
        options["initial"] = {name: known[declared.name] for name, declared in self.own.items()}
        super().__init__(*args, card_request=card_request, at=at, **options)
        for name, declared in self.own.items():
            self.fields[name] = declared.form_inputs(years)[declared.name]

    def own_inputs(self):
        """The bound inputs of the person's own."""
        return [self[name] for name in self.own]

    def units(self):
        own = [Unit(name, declared.label, (name,)) for name, declared in self.own.items()]
        return [*own, *super().units()]

    def where(self):
        return {name: value for name, value in super().where().items() if name not in self.own}

    def own_columns(self):
        """Column → value, of the person's own."""
        return {declared.name: self.cleaned_data[name] for name, declared in self.own.items()}


class PortraitUploadForm(forms.Form):
    """The uploaded picture. Its content is checked when it is decoded."""

    picture = HeldFileField(
        label="选择照片",
        allow_empty_file=True,
        help_text=f"{FORMATS}，最大 {rule_text('PICTURE_MAX_BYTES')}",
        widget=HeldFileInput(attrs={"accept": ACCEPT}, compact=compact),
        error_messages={"required": "请先选择一张照片。"},
    )


class CropForm(forms.Form):
    """Where the portrait is cut from the uploaded picture: left, top and width in its pixels.

    The height follows from 358:441, and what lies outside is moved inside where it is used.
    """

    x = forms.FloatField(label="左边距（像素）")
    y = forms.FloatField(label="上边距（像素）")
    width = forms.FloatField(label="宽度（像素）", min_value=1)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.error_messages |= {"required": "请填写数字。", "invalid": "请填写数字。"}
            field.widget.attrs |= {"step": "1", "inputmode": "numeric"}
