"""How the preview of a roster shows values before and after."""

from import_export.widgets import Widget


class CodeWidget(Widget):
    """A code, shown as its label."""

    def __init__(self, choices):
        super().__init__()
        self.labels = dict(choices.choices)

    def render(self, value, obj=None, **kwargs):
        return self.labels.get(value, value or "")


class MaskWidget(Widget):
    def __init__(self, mask):
        super().__init__()
        self.mask = mask

    def render(self, value, obj=None, **kwargs):
        return self.mask(value or "")


class EmploymentWidget(Widget):
    def render(self, value, obj=None, **kwargs):
        return "离职" if value else "在职"


class YesNoWidget(Widget):
    def render(self, value, obj=None, **kwargs):
        return "是" if value else "否"


def year(value):
    return f"{value:%Y}-**-**" if value else ""
