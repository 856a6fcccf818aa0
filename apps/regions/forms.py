"""Province → city → county choices that narrow each other, with and without JavaScript."""

import re
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from apps.common.addresses import page_url
from apps.regions.models import City, County, Province, province_code_of

CODE = re.compile(r"[0-9]{6}")


class CountySelect(forms.Select):
    """Not `required` in HTML, because a city without counties would block the form."""

    def use_required_attribute(self, initial):
        return False


class ProvinceCityForm(forms.Form):
    """Province and city. The city list holds what lies in the chosen province, else nothing.

    What is chosen comes from the submitted data, or from `initial`. A province with one city (a
    municipality) chooses that city by itself.
    """

    province = forms.ModelChoiceField(
        label="省份",
        queryset=Province.objects.order_by("code"),
        empty_label="请选择省份",
        error_messages={
            "required": "请选择省份。",
            "invalid_choice": "没有找到这个省份，请从列表中重新选择。",
        },
    )
    city = forms.ModelChoiceField(
        label="城市",
        queryset=City.objects.none(),
        empty_label="请先选择省份",
        error_messages={
            "required": "请选择城市。",
            "invalid_choice": "这个城市不在所选的省份内，请重新选择城市。",
        },
    )

    cities = City.objects.all()
    fields: dict[str, Any]  # choices of models here, other fields in a form that mixes this in
    data: Any  # a QueryDict or a dict

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if province := self.chosen("province"):
            field = self.fields["city"]
            field.queryset = self.cities.filter(province=province).in_order()
            field.empty_label = "请选择城市"
            if province_code_of(self.chosen("city")) != province:
                self._choose_only_city(field.queryset)

    def chosen(self, name):
        """The code in the field `name`: submitted, or initial. "" for what cannot be a code."""
        value = self[name].value()
        return value if CODE.fullmatch(str(value)) else ""

    def choose(self, name, code):
        """Fill in the field `name` as if it had been submitted, or as its initial value."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data[self.add_prefix(name)] = code
        else:
            self.initial[name] = code
            self[name].initial = code  # type: ignore[misc]  # it remembers what it was

    def clean(self):
        cleaned_data = super().clean()
        if "province" in self.errors:  # one error at a time: the city depends on the province
            self.errors.pop("city", None)
        return cleaned_data

    def _choose_only_city(self, cities):
        codes = list(cities.values_list("code", flat=True)[:2])
        if len(codes) == 1:
            self.choose("city", codes[0])


class AreaForm(ProvinceCityForm):
    """The look-up of the open areas. A province without a city is not an error."""

    cities = City.objects.select_related("province")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["city"].required = False
        self.fields["city"].unmarked = True

    def clean(self):
        cleaned_data = super().clean()
        # After a change of the province the browser still sends the old city: not an error.
        if "city" in self.errors and City.objects.filter(pk=self.chosen("city")).exists():
            del self.errors["city"]
        return cleaned_data


class AddressRegionMixin(ProvinceCityForm):
    """The region of a postal address, for a Form or a ModelForm with these three fields.

    Without JavaScript the button 更新选项 of `regions/_address_fields.html` submits the form; it is
    then not valid, shows no errors, and has the shorter lists, so the view needs no code for it.
    With htmx the lists come from `regions:options`. The ids must be Django's, so use no prefix.
    """

    county = forms.ModelChoiceField(
        label="区县",
        queryset=County.objects.none(),
        required=False,
        empty_label="请先选择城市",
        widget=CountySelect,
        error_messages={
            "required": "请选择区县。",
            "invalid_choice": "这个区县不在所选的城市内，请重新选择区县。",
        },
    )

    cities = City.objects.postal()
    NARROW = "narrow"  # the name of the button 更新选项

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["province"].queryset = Province.objects.with_postal_cities().order_by("code")
        if city := self.chosen("city"):
            self._narrow_counties(city)
        for name, target in (("province", "#id_city"), ("city", "#id_county")):
            self.fields[name].widget.attrs |= {
                "hx-get": page_url("regions:options"),
                "hx-target": target,
                "hx-sync": "this:replace",
            }

    def full_clean(self):
        if self.is_bound and self.NARROW in self.data:
            self._errors = ErrorDict(renderer=self.renderer)
            self.cleaned_data = {}
            return
        super().full_clean()

    def is_valid(self):
        return self.NARROW not in self.data and super().is_valid()

    def clean(self):
        cleaned_data = super().clean()
        if {"province", "city"} & self.errors.keys():
            self.errors.pop("county", None)
        return cleaned_data

    def _narrow_counties(self, city):
        field = self.fields["county"]
        cities = self.fields["city"].queryset
        field.queryset = County.objects.filter(city=city, city__in=cities).order_by("code")
        if field.queryset.exists():
            field.required = self.fields["city"].required
            field.empty_label = "请选择区县"
        elif cities.filter(pk=city).exists():
            field.empty_label = "不分区县，不用选"
