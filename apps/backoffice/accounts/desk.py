"""The accounts, for system administrators. Each change is recorded in the book of events."""

from apps.backoffice.accounts import services
from apps.people.admin import UserAdmin


class AccountAdmin(UserAdmin):
    def log_addition(self, request, obj, message):
        return self._log(super().log_addition(request, obj, message), obj, message)

    def log_change(self, request, obj, message):
        """Called after each change of the form, and after a password was set."""
        entry = super().log_change(request, obj, message)
        return self._log(entry, obj, message) if message else entry

    def _log(self, entry, account, message):
        services.record_change(
            account=account, changed=message, by=entry.user, at=entry.action_time
        )
        return entry
