"""The accounts, for system administrators. Each change is recorded in the book of events."""

from apps.backoffice.accounts import services
from apps.people.admin import UserAdmin
from apps.people.models import User


class AccountAdmin(UserAdmin):
    def log_addition(self, request, obj, message):
        return self._log(super().log_addition(request, obj, message), obj, message)

    def log_change(self, request, obj, message):
        """Called after each change of the form, and after a password was set."""
        entry = super().log_change(request, obj, message)
        rest = _without_number(message)
        return self._log(entry, obj, rest) if rest else entry

    def _log(self, entry, account, message):
        services.record_change(
            account=account, changed=message, by=entry.user, at=entry.action_time
        )
        return entry


def _without_number(message):
    """The admin's `message` without the employee number, whose change has an event of its own."""
    if isinstance(message, str):
        return message
    label = str(User._meta.get_field("employee_number").verbose_name)
    kept = []
    for part in message:
        fields = part.get("changed", {}).get("fields")
        rest = fields and [field for field in fields if field != label]
        if fields is None:
            kept.append(part)
        elif rest:
            kept.append({"changed": part["changed"] | {"fields": rest}})
    return kept
