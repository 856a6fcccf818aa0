"""What auditors read: the whole book of events."""

from apps.backoffice.audit import views
from apps.desk import roles
from apps.desk.pages import DeskAdmin


class BookDesk(DeskAdmin):
    permission = roles.READ_BOOK
    pages = (("<int:object_id>/", views.detail, "change"),)

    def changelist_view(self, request, extra_context=None):
        return views.book(request)
