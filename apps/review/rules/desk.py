"""The pages about what holds where; they stand in for an admin of the cities."""

from apps.review import roles
from apps.review.desk import DeskAdmin
from apps.review.rules import change_views, views


class CityDesk(DeskAdmin):
    permission = roles.READ
    pages = (
        ("rule/", change_views.rule, "rule"),
        ("<str:code>/", views.detail, "change"),
        ("<str:code>/services/open/", change_views.open_service, "open_service"),
        ("<str:code>/services/close/", change_views.close_service, "close_service"),
        ("<str:code>/banks/open/", change_views.open_bank, "open_bank"),
        ("<str:code>/banks/close/", change_views.close_bank, "close_bank"),
        (
            "<str:code>/rules/<int:number>/withdraw/",
            change_views.withdraw_rule,
            "withdraw_rule",
        ),
        (
            "<str:code>/<str:kind>/<int:number>/withdraw/",
            change_views.withdraw_opening,
            "withdraw_opening",
        ),
    )

    def changelist_view(self, request, extra_context=None):
        return views.overview(request)
