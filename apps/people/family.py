"""The people for whom an account acts, and how their parent reads their names."""

from dataclasses import dataclass

from apps.common.masks import ID_TAIL_LENGTH
from apps.common.visibility import shown
from apps.people.models import Guardianship, Holder, User
from apps.queries.prepared import PreparedQuery

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
    registrations = registrations_of(user)
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


def name_of(person, *, reader, name="", place="page"):
    """The masked name of `person` as the user `reader` reads it at `place` (page or message).

    A child whose masked name is that of another child of the reader is told apart by the end of the
    ID number: *乐（尾号 1234）, and by the birth date where that is the same too. `name` is another
    name, such as the registered one. The children of a reader are read once, and not at all for the
    reader's own name.
    """
    masked = shown(name or person.name, f"{place}.name")
    if reader is None or reader.pk is None or person.user_id == reader.pk:
        return masked
    return masked + _tail(person, masked, _wards(reader), place=place)


def apart(child, children):
    """（尾号 1234）where another one of `children` has the same masked name; else nothing."""
    named = [(other, other.name) for other in children]
    return _tail(child, shown(child.name, "page.name"), named, place="page")


def _tail(child, masked, named, *, place):
    """`named` are (child, name)."""
    same = {other.pk: other for other, name in named if shown(name, f"{place}.name") == masked}
    others = [other for key, other in same.items() if key != child.pk]
    if not others:
        return ""
    end = _end(child, place)
    # In a message the card follows, which has an end of its number too.
    words = f"身份证尾号 {end}" if place == "message" else f"尾号 {end}"
    alike = [other for other in others if _end(other, place) == end]
    return f"（{words}{_born(child, alike, place) if alike else ''}）"


def _end(child, place):
    return shown(child.id_number, f"{place}.id_number")[-ID_TAIL_LENGTH:]


def _born(child, others, place):
    """What tells `child` from `others`, children with the same name and end of the number."""
    born = shown(child.birth_date, f"{place}.namesake_birth_date")
    words = f"，{born.year}年{born.month}月{born.day}日生"
    earlier = [other for other in others if other.birth_date == born and other.pk < child.pk]
    return words + (f"，第 {len(earlier) + 1} 个登记" if earlier else "")


def _wards(reader):
    """(child, name) of every child whom `reader` registered, by the name there and the name now."""
    standing = [each for each in registrations_of(reader) if not each.is_refused]
    now = [(each.ward, each.ward.name) for each in standing]
    return now + [(each.ward, each.ward_name) for each in standing if each.ward_name]


def registrations_of(user):
    """All that `user` registered, the latest change last; read once for each object of a user."""
    if not hasattr(user, "registrations_read"):
        remember(user, _REGISTRATIONS.read(user=user.pk))
    return user.registrations_read


def remember(user, registrations):
    """Let `registrations_of` of the object `user` answer `registrations`, which were read along."""
    user.registrations_read = sorted(registrations, key=lambda each: (each.status_since, each.pk))


def read_together(users):
    """Read the registrations of all of `users` for `registrations_of`, in one query."""
    found: dict[int, list[Guardianship]] = {user.pk: [] for user in users}
    if found:
        made = Guardianship.objects.filter(guardian__user__in=found)
        for registration in made.select_related("ward", "guardian"):
            found[registration.guardian.user_id].append(registration)
    for user in users:
        remember(user, found[user.pk])
