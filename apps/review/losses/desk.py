"""The list of formal losses in the admin; it opens on what waits for a decision."""

from django.contrib import admin

from apps.common import masks
from apps.common.templatetags import formats
from apps.desk.claims.desk import ClaimedListAdmin
from apps.desk.claims.views import held_by
from apps.replacement.enums import LossState
from apps.replacement.models import WAITING
from apps.review.losses import views

ALL = "all"
_OF_STATE: dict[str | None, dict[str, object]] = {
    LossState.CONFIRMED: {"confirmed_at__isnull": False, "withdrawn_at": None},
    LossState.REFUSED: {"refused_at__isnull": False},
    LossState.WITHDRAWN: {"withdrawn_at__isnull": False},
}


class StateFilter(admin.SimpleListFilter):
    title = "状态"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [*LossState.choices, (ALL, "全部")]

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            is_default = value == LossState.WAITING
            yield {
                "selected": self.value() == value or (is_default and self.value() is None),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request, queryset):
        if self.value() == ALL:
            return queryset
        conditions = _OF_STATE.get(self.value())
        return queryset.filter(WAITING) if conditions is None else queryset.filter(**conditions)


class FormalLossAdmin(ClaimedListAdmin):
    desk = views.DESK
    list_display = ["masked_name", "masked_number", "state", "declared", "lost_date", held_by]
    list_filter = [StateFilter]
    list_select_related = ["card__holder", "assignment__by__holder"]
    ordering = ["declared_at", "pk"]
    pages = (
        *views.DESK.pages(),
        ("<str:reference>/change/", views.detail, "change"),
        ("<str:reference>/confirm/", views.confirm, "confirm"),
        ("<str:reference>/refuse/", views.refuse, "refuse"),
        ("<str:reference>/withdraw/", views.withdraw, "withdraw"),
    )

    @admin.display(description="持卡人")
    def masked_name(self, loss):
        return masks.name(loss.card.holder.name)

    @admin.display(description="社保卡号")
    def masked_number(self, loss):
        return masks.card_number(loss.card.card_number)

    @admin.display(description="状态")
    def state(self, loss):
        return loss.state.label

    @admin.display(description="登记时间")
    def declared(self, loss):
        return formats.moment(loss.declared_at)
