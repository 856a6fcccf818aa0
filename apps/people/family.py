"""The people for whom an account acts, for pages that show many of their matters."""

from dataclasses import dataclass

from apps.common.prepared import PreparedQuery
from apps.people.models import Guardianship, Holder, User

_REGISTRATIONS = PreparedQuery(
    lambda user: Guardianship.objects.visible_to(user).select_related("ward").order_by(),
    user=User,
)


@dataclass(frozen=True)
class Family:
    """`persons` are those whose matters the user sees: the user, then the children, eldest first.

    `registrations` are all of children that the user ever made, the latest change last.
    """

    persons: list[Holder]
    registrations: list[Guardianship]

    @property
    def children(self):
        """Those of `persons` for whom the user acts as a guardian."""
        guarded = {registration.ward_id for registration in self.registrations}
        return [person for person in self.persons if person.pk in guarded]

    def handed_over(self, *, at):
        """The guardianships that ended with a 16th birthday by the moment `at`, the last first."""
        ended = [each for each in self.registrations if each.is_handed_over_at(at)]
        return sorted(ended, key=lambda each: each.ends_at, reverse=True)


def family_of(user, *, at):
    """The `Family` of the signed-in `user` at the moment `at`, in one query.

    `Holder.objects.visible_to` finds the same persons.
    """
    made = _REGISTRATIONS.read(user=user.pk)
    registrations = sorted(made, key=lambda each: (each.status_since, each.pk))
    own = getattr(user, "holder", None)
    wards = [
        registration.ward
        for registration in registrations
        if registration.is_confirmed_at(at) and not registration.ward.is_of_age(at)
    ]
    return Family(
        persons=[
            *([own] if own is not None and own.is_of_age(at) else []),
            *sorted(wards, key=lambda ward: (ward.birth_date, ward.pk)),
        ],
        registrations=registrations,
    )
