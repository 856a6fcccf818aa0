"""The accounts, for system administrators; each change stands in the desk's own log."""

from apps.desk.models import DeskEvent
from apps.desk.models.desk_event import DeskAction
from apps.people.admin import UserAdmin


class AccountAdmin(UserAdmin):
    def log_addition(self, request, obj, message):
        return self._log(super().log_addition(request, obj, message), obj, message)

    def log_change(self, request, obj, message):
        """Called after each change of the form, and after a password was set."""
        entry = super().log_change(request, obj, message)
        return self._log(entry, obj, message) if message else entry

    def _log(self, entry, account, message):
        DeskEvent.objects.create(
            action=DeskAction.ACCOUNT_CHANGED,
            by=entry.user,
            at=entry.action_time,
            subject=account.employee_number,
            facts={
                "changed": message,
                "is_active": account.is_active,
                "is_staff": account.is_staff,
                "groups": sorted(account.groups.values_list("name", flat=True)),
            },
        )
        return entry
