from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Renders a form field with its label, help, error and their wiring."""

    field_template_name = "components/_field.html"
