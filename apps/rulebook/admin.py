"""The pages about the rules of cities and the holidays, in place of a stock admin for them."""

from django.contrib import admin

from apps.desk import roles
from apps.desk.pages import DeskAdmin
from apps.regions.models import ArrangedDay, City
from apps.rulebook.views import changes, holidays
from apps.rulebook.views.pages import detail, overview


@admin.register(City)
class CityDesk(DeskAdmin):
    permission = roles.READ
    pages = (
        ("", overview, "changelist"),
        ("rule/", changes.rule, "rule"),
        ("<str:code>/", detail, "change"),
        ("<str:code>/services/open/", changes.open_service, "open_service"),
        ("<str:code>/services/close/", changes.close_service, "close_service"),
        ("<str:code>/banks/open/", changes.open_bank, "open_bank"),
        ("<str:code>/banks/close/", changes.close_bank, "close_bank"),
        (
            "<str:code>/rules/<int:number>/withdraw/",
            changes.withdraw_rule,
            "withdraw_rule",
        ),
        (
            "<str:code>/<str:kind>/<int:number>/withdraw/",
            changes.withdraw_opening,
            "withdraw_opening",
        ),
    )


@admin.register(ArrangedDay)
class HolidayDesk(DeskAdmin):
    permission = roles.READ
    pages = (
        ("", holidays.overview, "changelist"),
        ("upload/", holidays.upload, "upload"),
        ("sample/<int:year>/", holidays.sample, "sample"),
    )
