from django import forms
from django.forms.models import ModelChoiceIterator

from apps.queries.prepared import PreparedQuery
from apps.typed_text.plain_text import visible


class LineField(forms.CharField):
    """One line that a member of the desk writes. `asked` is the sentence when it is missing."""

    def __init__(self, *, asked="请填写这一项。", attrs=None, **options):
        super().__init__(
            max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "off"} | (attrs or {})),
            error_messages={
                "required": asked,
                "max_length": "最多 200 个字，请写得短一些。",
            },
            **options,
        )


class _Kept(ModelChoiceIterator):
    field: "KeptChoiceField"

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from map(self.choice, self.field.offered.read())


class KeptChoiceField(forms.ModelChoiceField):
    """A choice of the rows that `make` selects, a queryset without anything that changes.

    Its SQL is written once. Django's own opens a cursor in the database for each drop-down list.
    """

    iterator = _Kept

    def __init__(self, make, **options):
        self.offered = PreparedQuery(make)
        super().__init__(make(), **options)


class NamesField(forms.Field):
    """Some of many names, each ticked: its value is a list without doubles.

    The names are not checked here; a page that shows the field sets `widget.choices`.
    """

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, most, longest, **options):
        super().__init__(
            error_messages={
                "too_many": f"最多选 {most} 个{options.get('label', '')}。",
                "too_long": f"{options.get('label', '')}的名称最多 {longest} 个字。",
            },
            **options,
        )
        self.most, self.longest = most, longest

    def to_python(self, value):
        names = [value] if isinstance(value, str) else value or []
        return list(dict.fromkeys(filter(None, (visible(name).strip() for name in names))))

    def validate(self, value):
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(self.error_messages["too_many"], code="too_many")
        if any(len(name) > self.longest for name in value):
            raise forms.ValidationError(self.error_messages["too_long"], code="too_long")
