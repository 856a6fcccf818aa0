"""单位领卡: boxes, hand-out days, the table, and the departments' contact persons."""

from django.contrib import admin

from apps.desk import roles
from apps.desk.pages import DeskAdmin
from apps.handout.models import Box, BoxCard, Department, HandOutDay
from apps.handout_desk.views import boxes, days, departments, paper, table


@admin.register(Box)
class BoxDesk(DeskAdmin):
    permission = roles.HAND_OUT
    pages = (
        ("", boxes.index, "changelist"),
        ("<str:reference>/change/", boxes.box, "change"),
        ("<str:reference>/receive/", boxes.receive, "receive"),
        ("<str:reference>/count/", boxes.count, "count"),
        ("<str:reference>/uncount/", boxes.uncount, "uncount"),
        ("<str:reference>/check/", boxes.check, "check"),
        ("<str:reference>/reopen/", boxes.reopen, "reopen"),
        ("<str:reference>/give-back/", boxes.give_back, "give_back"),
    )


@admin.register(HandOutDay)
class DayDesk(DeskAdmin):
    permission = roles.HAND_OUT
    pages = (
        ("", days.index, "changelist"),
        ("add/", days.arrange, "arrange"),
        ("<str:reference>/change/", days.change, "change"),
        ("<str:reference>/call-off/", days.call_off, "call_off"),
    )


@admin.register(BoxCard)
class TableDesk(DeskAdmin):
    permission = roles.HAND_OUT
    pages = (
        ("", table.table, "changelist"),
        ("scan/", table.scan, "scan"),
        ("paper/", paper.paper, "paper"),
        ("list/", paper.sign_list, "sign_list"),
        ("remind/", table.remind, "remind"),
        ("return/", table.return_due, "return_due"),
        ("<str:reference>/change/", table.person, "change"),
        ("<str:reference>/hand-out/", table.hand_out, "hand_out"),
        ("<str:reference>/letter/", table.letter, "letter"),
        ("<str:reference>/take-back/", table.take_back, "take_back"),
        ("<str:reference>/photo/", table.photo, "photo"),
    )


@admin.register(Department)
class DepartmentDesk(DeskAdmin):
    permission = roles.HAND_OUT
    pages = (
        ("", departments.index, "changelist"),
        ("<str:reference>/contact/", departments.contact, "contact"),
    )
