"""How the preview of a roster shows values before and after."""

from import_export.widgets import Widget

from apps.common.visibility import shown


class CodeWidget(Widget):
    """A code, shown as its label."""

    def __init__(self, choices):
        super().__init__()
        self.labels = dict(choices.choices)

    def render(self, value, obj=None, **kwargs):
        return self.labels.get(value, value or "")


class MaskWidget(Widget):
    """A person's data, shown as a preview shows data of this kind."""

    def __init__(self, datum):
        super().__init__()
        self.datum = datum

    def render(self, value, obj=None, **kwargs):
        return shown(value or "", f"roster.{self.datum}")


class EmploymentWidget(Widget):
    def render(self, value, obj=None, **kwargs):
        return "离职" if value else "在职"


class YesNoWidget(Widget):
    def render(self, value, obj=None, **kwargs):
        return "是" if value else "否"
