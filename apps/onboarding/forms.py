from django import forms

from apps.invitations.funnel import FunnelStep


class PrepareForm(forms.Form):
    """Whom to remind: those of the choice `people` who stand at `step`.

    With `picture` those whom the unit offers a portrait only.
    """

    people = forms.CharField(max_length=100, widget=forms.HiddenInput)
    step = forms.TypedChoiceField(
        choices=FunnelStep.choices, coerce=FunnelStep, widget=forms.HiddenInput
    )
    picture = forms.BooleanField(required=False, widget=forms.HiddenInput)


class StartForm(forms.Form):
    """`seen` is how many were to be told on the page that is confirmed."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
