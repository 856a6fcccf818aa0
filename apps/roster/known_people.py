"""Looks up the people in a roster, and finds rows that contradict what is stored about them."""

from django.db.models import F

from apps.encryption.fields import blind_index, blind_indexes
from apps.people import policies
from apps.people.models import Holder, User
from apps.people.refusals import RosterConflict

CHUNK = 500


class KnownPeople:
    """The people whom the rows name by employee number, ID number or phone.

    Three queries for each `CHUNK` rows.
    """

    def __init__(self, rows):
        self._users: dict[str, User] = {}
        self._holders: dict[str | None, Holder] = {}
        self._phones: dict[str | None, Holder] = {}
        for start in range(0, len(rows), CHUNK):
            self._look_up([row.data for row in rows[start : start + CHUNK]])
        for row in rows:
            row.user = self._users.get(row.data.get("employee_number"))
            row.holder = _found(self._holders, row.data.get("id_number"))

    def _look_up(self, data):
        users = User.objects.filter(employee_number__in=_given(data, "employee_number"))
        users = users.select_related("holder").only(
            "employee_number", "is_staff", "is_superuser", "holder__user", "holder__merged_into"
        )
        self._users |= {user.employee_number: user for user in users}
        numbers = _indexes(data, "id_number")
        # Annotated, because the library copies a person together with all related objects.
        holders = Holder.objects.filter(id_number_index__in=numbers).annotate(
            employee_number=F("user__employee_number")
        )
        self._holders |= {holder.id_number_index: holder for holder in holders}
        phones = _indexes(data, "phone")
        owners = Holder.objects.filter(user__isnull=False, phone_index__in=phones)
        self._phones |= {owner.phone_index: owner for owner in owners.only("phone_index")}

    def move_phone(self, before, after):
        """Note that a row turns the holder `before` (None for a new one) into `after`.

        The phone that it frees or takes counts for the rows after it.
        """
        if before is not None:
            self._phones.pop(before.phone_index, None)
        if after.phone:
            self._phones[blind_index(after.phone)] = before or after

    def check(self, row, *, by):
        """Add the contradictions to entries of other people to the problems of `row`."""
        is_leaving = row.data["is_leaving"]
        owner = None if is_leaving else _found(self._phones, row.data["phone"])
        try:
            policies.check_entry(
                user=row.user,
                holder=row.holder,
                phone_owner=owner,
                by=by,
                birth_date=row.data.get("birth_date"),
            )
            if is_leaving and (row.holder is None or row.holder.user_id is None):
                row.refuse("在职状态", "名册里没有这个人，不用办离职。请核对工号和社会保障号码。")
            elif is_leaving:
                policies.check_may_leave(user=row.user, by=by)
        except RosterConflict as conflict:
            row.refuse(conflict.column, conflict.message)


def _found(rows, value):
    """The row among `rows`, by their stored index, of which `value` is the value."""
    return next((rows[index] for index in blind_indexes(value) if index in rows), None)


def _indexes(data, name):
    return [index for value in _given(data, name) for index in blind_indexes(value)]


def _given(data, name):
    return [row[name] for row in data if row.get(name)]
