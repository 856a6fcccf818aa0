"""What all forms of the portal share, those of libraries and of the admin included."""

from django.forms import ChoiceField, PasswordInput
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList
from django.template.loader import render_to_string

from apps.common.kept_html import KeptHtml
from apps.typed_text import plain_text
from apps.unsent import typed_again
from apps.unsent.controls import DRAWN


class TypedField(BoundField):
    """A form field whose text arrives without invisible marks.

    A typed field of any kind that holds only such marks is empty. A password stays as it was
    typed, unless it holds nothing visible. Choices and hidden values come from the page itself and
    stay as they are.

    Drawn for somebody who had to sign in again, it shows what was typed before.
    """

    def value(self):
        typed = typed_again.typed_in(self.form)
        if typed is None or isinstance(self.field.widget, PasswordInput):
            return super().value()
        return self.field.prepare_value(
            self.field.widget.value_from_datadict(typed.data, typed.files, self.html_name)
        )

    @property
    def data(self):
        value = super().data
        if isinstance(self.field.widget, PasswordInput):
            return "" if isinstance(value, str) and value and not _shows(value) else value
        is_typed = not (self.is_hidden or isinstance(self.field, ChoiceField))
        return _visible(value) if is_typed else value


def _shows(password):
    """Spaces count in a password."""
    return any(not plain_text.is_invisible(character) for character in password)


def _visible(value):
    if not isinstance(value, str):
        return value
    return "" if plain_text.is_blank(value) else plain_text.visible(value)


_FIELD = KeptHtml("components/_field.html", most=1_000, put_in=("control", "errors"))
_ERRORS = "components/_field_errors.html"


def draw_field(field):
    """A bound field with its label and its help, which are the same for everybody."""
    control = str(field)
    if field.is_hidden:
        return control
    return _FIELD(
        control=control,
        errors=render_to_string(_ERRORS, {"field": field}) if field.errors else "",
        is_tick=field.widget_type == "checkbox",
        is_group=field.use_fieldset,
        described_by=field.aria_describedby or "",
        auto_id=field.auto_id,
        labelled=field.id_for_label,
        label=str(field.label),
        is_optional=not (field.field.required or getattr(field.field, "unmarked", False)),
        help_text=str(field.help_text or ""),
    )


class PortalRenderer(TemplatesSetting):
    """Renders a form field with its label, help, error and their wiring."""

    field_template_name = "components/_field.html"
    bound_field_class = TypedField

    def render(self, template_name, context, request=None):
        if template_name == self.field_template_name:
            return draw_field(context["field"])
        if template_name == ErrorList.template_name and not context["errors"]:
            return ""
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)
