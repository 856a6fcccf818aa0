"""What the pages of the admin share."""

from django.contrib import admin


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list and a page to read, for users with the model's view permission."""

    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
