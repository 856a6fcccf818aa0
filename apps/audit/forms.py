"""The filter of the auditor's page, which is in the URL, and the search, which is posted."""

from datetime import datetime, time, timedelta
from typing import cast
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils import timezone

from apps.audit import subjects
from apps.common.moments import end_of, start_of
from apps.common.visibility import shown
from apps.desk.colleagues import named
from apps.desk.fields import LineField
from apps.encryption import public_keys
from apps.events import kinds
from apps.events.models import Event
from apps.people.finding import ID_NUMBER, by_own_number
from apps.people.models import Holder, User
from apps.typed_text import id_numbers
from apps.typed_text.inputs import DayField


def actor(user):
    """The name of an actor: in full for a colleague, else masked. Select `holder` along."""
    if not hasattr(user, "holder"):
        return named(user)
    name = named(user) if user.is_staff else shown(user.holder.name, "list.name")
    return f"{name}（{user.employee_number}）"


class _ActorField(public_keys.RowField):
    def label_from_instance(self, user):
        return actor(user)


def _actions():
    """Every kind with its actions, as the grouped choices of a select."""
    yield "", "不限"
    for kind in kinds.all_kinds():
        whole = (kind.name, f"{kind.label}：全部")
        yield kind.label, [whole, *((f"{kind.name}.{a.value}", a.label) for a in kind.actions)]


class _DayField(DayField):
    """A day, typed in the format of the list. (A date picker has the format of the browser.)"""

    def __init__(self, *, label):
        super().__init__(
            label=label,
            required=False,
            widget=forms.TextInput(
                attrs={"placeholder": "2026-11-01", "inputmode": "numeric", "maxlength": 10}
            ),
            error_messages={"invalid": "请写成 2026-11-01 的样子。"},
        )


class BookFilter(forms.Form):
    """Which events to show. The URL holds public references, and keys that are encrypted.

    A value that cannot be read does not filter; the form says so.
    """

    what = forms.ChoiceField(label="事项", choices=_actions, required=False)
    by = _ActorField(
        label="办理人", queryset=User.objects.none(), required=False, empty_label="不限"
    )
    since = _DayField(label="从")
    until = _DayField(label="到")
    person = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    reference = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, data):
        super().__init__(data)
        asked_for = Q(pk=public_keys.in_data(data, "by", User))
        actors = cast(_ActorField, self.fields["by"])
        actors.queryset = (
            User.objects.filter(Q(is_staff=True) | asked_for)
            .select_related("holder")
            .order_by("employee_number")
        )
        self.is_valid()

    def clean(self):
        super().clean()
        chosen = self.cleaned_data or {}
        since, until = chosen.get("since"), chosen.get("until")
        if since and until and since > until:
            self.add_error("until", "不能早于「从」的日期。")
        return chosen

    def holder(self):
        """The person whom the events concern, or None."""
        reference = self.cleaned_data.get("person")
        return Holder.objects.filter(reference=reference).first() if reference else None

    def query(self, *, without=(), **changes):
        """The choice as a query string, without the names in `without` and with `changes`."""
        names = [name for name in self.cleaned_data if name not in without]
        chosen = {name: self.data.get(name) for name in names} | changes
        return urlencode({name: value for name, value in chosen.items() if value})

    def narrow(self, events, *, person):
        """Those of `events` that the filter finds; `person` is the holder they concern, or None."""
        chosen = self.cleaned_data or {}
        kind, _, action = chosen.get("what", "").partition(".")
        if kind:
            events = events.filter(subject_kind=kind)
        if action:
            events = events.filter(action=action)
        if chosen.get("by"):
            events = events.filter(by=chosen["by"])
        if chosen.get("since"):
            events = events.filter(at__gte=_midnight(chosen["since"]))
        if chosen.get("until"):
            events = events.filter(at__lt=_midnight(chosen["until"] + timedelta(days=1)))
        if chosen.get("reference"):
            events = events.filter(subjects.named(chosen["reference"]))
        if chosen.get("person"):
            records = Holder.objects.records_of(person) if person else Holder.objects.none()
            events = events.filter(holder_id__in=records.values("pk"))
        return events


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


class BookSearch(forms.Form):
    """A number that somebody types. It is posted, because a URL would be in logs."""

    q = forms.CharField(
        label="查找",
        max_length=60,
        help_text="工号、社会保障号码，或业务受理编号等对象编号。",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "size": 28}),
        error_messages={"required": "请输入要查找的内容。"},
    )

    def _person(self):
        """The holder with this employee number or ID number, or None."""
        term = self.cleaned_data["q"]
        people = Holder.objects.select_related("user")
        number = User.normalize_username(term)
        found = people.filter(user__employee_number=number)
        for by_number in self.by_number().values():
            found |= by_number
        return found.first()

    def by_number(self):
        """{what the term is: whom it finds} where it is personal data, as `by_own_number`."""
        term = self.cleaned_data["q"]
        found = by_own_number(Holder.objects.select_related("user"), term)
        return {number: people for number, people in found.items() if number == ID_NUMBER}

    def choice(self, *, is_actor):
        """The filter that the term means, as a dictionary; None where nothing is found."""
        term = self.cleaned_data["q"]
        person = self._person()
        if is_actor:
            number = User.normalize_username(term)
            user = person.user if person else User.objects.filter(employee_number=number).first()
            return user and {"by": public_keys.of(user)}
        if person:
            return {"person": person.reference}
        reference = id_numbers.normalise(term)
        is_known = Event.objects.filter(subjects.named(reference)).exists()
        return {"reference": reference} if is_known else None


class TraceForm(forms.Form):
    """Whose account, from which day to which, and why somebody wants to know."""

    account = forms.CharField(
        label="工号",
        max_length=20,
        help_text="谁的账户：怀疑被盗用，或者误用了的。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 16}),
        error_messages={"required": "请填写工号。"},
    )
    since = _DayField(label="从")
    until = _DayField(label="到")
    reason = LineField(
        label="追查的原因",
        asked="请写明追查的原因，会和您的工号一起记录。",
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in ("since", "until"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = "请填写日期，例如 2026-11-01。"

    def clean_account(self):
        number = User.normalize_username(self.cleaned_data["account"])
        user = User.objects.select_related("holder").filter(employee_number=number).first()
        if user is None:
            raise forms.ValidationError("没有这个工号的账户，请核对。")
        return user

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", "不能早于「从」的日期。")
        return data

    def asked(self):
        """The account, and the moments at which the span begins and ends."""
        data = self.cleaned_data
        return {
            "account": data["account"],
            "since": start_of(data["since"]),
            "until": end_of(data["until"]),
        }
