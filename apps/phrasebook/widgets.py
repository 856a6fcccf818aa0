"""Fields for a reason, each with the phrases beside it.

`phrases` is a callable that returns the texts to offer; it is asked when the field is drawn.
static/js/phrases.js makes buttons of them. Without JavaScript the input has its suggestions, and
of the area's list the chosen phrase counts when nothing was typed.
"""

from django import forms


class _WithPhrases(forms.Widget):
    def __init__(self, *, phrases, attrs=None):
        super().__init__(attrs)
        self.phrases = phrases

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["phrases"] = self.phrases()
        return context


class ReasonInput(_WithPhrases, forms.TextInput):
    template_name = "phrasebook/reason_input.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"]
        if context["phrases"]:
            own["list"] = f"{own['id']}_phrases"
        return context


class ReasonArea(_WithPhrases, forms.Textarea):
    template_name = "phrasebook/reason_area.html"

    def value_from_datadict(self, data, files, name):
        typed = super().value_from_datadict(data, files, name)
        if typed and typed.strip():
            return typed
        return data.get(f"{name}_phrase") or typed
