"""What the lists of the desk are narrowed by."""

from apps.lifecycle.admin import StatusFilter

ALL = "all"


class WaitingFirst(StatusFilter):
    """By the status at this moment; opens on `opens_on`, what waits for a decision."""

    parameter_name = "state"
    opens_on = ""

    def lookups(self, request, model_admin):
        return [*super().lookups(request, model_admin), (ALL, "全部")]

    def value(self):
        return super().value() or self.opens_on

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }
