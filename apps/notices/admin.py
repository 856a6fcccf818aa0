from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.notices.models import Notice


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Whether and when people were told. The text is shown to the recipient only."""

    list_display = [
        "pk",
        "event",
        "recipient",
        "channel_name",
        "status",
        "created_at",
        "sent_at",
        "tries",
        "last_error",
    ]
    list_filter = ["channel", "status"]
    list_select_related = ["event", "recipient"]
    search_fields = ["=event__reference"]
    ordering = ["-created_at", "-pk"]
    exclude = ["text"]

    @admin.display(description="渠道", ordering="channel")
    def channel_name(self, notice):
        return notice.get_channel_display()
