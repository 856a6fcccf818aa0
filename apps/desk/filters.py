"""Filters of the desk's lists."""

from apps.lifecycle.admin import StatusFilter

ALL = "all"
POSTPONED = "postponed"


class WaitingFirst(StatusFilter):
    """Filters by the status at this moment. The list opens on `opens_on`: what is to be decided."""

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
