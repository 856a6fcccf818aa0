"""How far back the charts look."""

from django import forms

WEEKS = (4, 12, 26, 52)
USUAL = 12


class WindowForm(forms.Form):
    """The number of weeks. Any other value than one of `WEEKS` means the default."""

    weeks = forms.TypedChoiceField(choices=[(weeks, weeks) for weeks in WEEKS], coerce=int)

    def chosen(self):
        return self.cleaned_data["weeks"] if self.is_valid() else USUAL
