"""The accounts, for system administrators; each change stands in the book of events."""

from apps.desk import event_kinds
from apps.desk.event_kinds import AccountAction
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.people.admin import UserAdmin


class AccountAdmin(UserAdmin):
    def log_addition(self, request, obj, message):
        return self._log(super().log_addition(request, obj, message), obj, message)

    def log_change(self, request, obj, message):
        """Called after each change of the form, and after a password was set."""
        entry = super().log_change(request, obj, message)
        return self._log(entry, obj, message) if message else entry

    def _log(self, entry, account, message):
        person = getattr(account, "holder", None)
        events.record(
            kind=event_kinds.ACCOUNT,
            action=AccountAction.CHANGE,
            by=entry.user,
            role=Role.STAFF,
            at=entry.action_time,
            channel=Channel.ADMIN,
            subject_id=account.pk,
            reference=account.employee_number,
            holder_id=person and person.pk,
            facts={
                "changed": message,
                "is_active": account.is_active,
                "is_staff": account.is_staff,
                "groups": sorted(account.groups.values_list("name", flat=True)),
            },
        )
        return entry
