"""款项: refunds that the gateway did not make, and money that matches no order."""

from apps.backoffice.money import views
from apps.desk.pages import DeskAdmin


class MoneyDesk(DeskAdmin):
    pages = (
        ("refunds/<str:reference>/", views.refund, "refund"),
        ("refunds/<str:reference>/retry/", views.retry, "retry"),
        ("refunds/<str:reference>/settle/", views.settle_refund, "settle_refund"),
        ("refunds/<str:reference>/note/", views.note_refund, "note_refund"),
        ("<str:reference>/change/", views.discrepancy, "change"),
        ("<str:reference>/settle/", views.settle, "settle"),
        ("<str:reference>/note/", views.note, "note"),
    )

    def changelist_view(self, request, extra_context=None):
        return views.index(request)
