"""Who is too near to a case to decide on it, or to read it at the desk.

People do not decide on their own case, on the case of a child whom they ever registered, on that of
the other guardian of a child of theirs, or on a case that they filled in. A case is a row with a
lifecycle that names its person (`holder`), or a `Holder`. The rule is written here only: for one
case, for a queryset and for the rows of a list.
"""

from functools import cache, reduce
from operator import or_
from typing import Any

from django.db.models import Q

from apps.people.models import Guardianship, Holder, User
from apps.queries.prepared import PreparedQuery, rounded


def party_sentence(*, what, verb):
    """The sentence of the refusal. `what` is the Chinese word for the case, `verb` for deciding."""
    return f"这是您本人或您家人的{what}，不能由您{verb}，请交给其他审核人。"


def is_party(user, subject):
    """Whether `user` is too near to `subject`."""
    if isinstance(subject, Holder):
        return _is_near(user, subject.pk)
    author = subject.lifecycle.filled_in_by
    if author and getattr(subject, f"{author}_id") == user.pk:
        return True
    return _is_near(user, subject.lifecycle.holder_id_of(subject))


def without_party(cases, user):
    """The queryset `cases` without those that `user` is too near to."""
    return without_near(cases, account=user.pk, person=_key_of(user))


def without_near(cases, *, account, person):
    """`without_party` by the keys of the account and its person, None for one without a person.

    In a prepared query they are parameters.
    """
    party = _any(_ways_to_be_near(cases.model, account, person))
    return cases.exclude(party) if party else cases


def only_near(cases, *, account, person):
    """What `without_near` leaves out of `cases`, as querysets that may overlap.

    One for each way to be near: the database finds them by their keys, where it would look at every
    case for all ways at once.
    """
    return [cases.filter(way) for way in _ways_to_be_near(cases.model, account, person)]


def near_keys(cases, user):
    """The keys of those of `cases`, a list of one model, that `user` is too near to: a query.

    For an account without a person it costs none.
    """
    if not cases:
        return set()
    model: Any = type(cases[0])
    asked = asks_near_keys(model, [case.pk for case in cases], user)
    if asked is None:
        author = model.lifecycle.filled_in_by
        return {each.pk for each in cases if author and getattr(each, f"{author}_id") == user.pk}
    return set(asked.read())


def asks_near_keys(model, keys, user):
    """What `near_keys` asks for of rows of `model`, to be read together with others, or None."""
    person = _key_of(user)
    if person is None:
        return None
    return _near(model).asks(cases=rounded(keys), account=user.pk, person=person)


@cache
def _near(model):
    def near(cases, account, person):
        party = _any(_ways_to_be_near(model, account, person))
        return model._default_manager.filter(party, cases.holds("pk")).values_list("pk", flat=True)

    return PreparedQuery(near, cases=model, account=User, person=Holder)


def _is_near(user, person):
    """Whether the person with the key `person` is `user`, or is of the family."""
    own = _key_of(user)
    if own is None or person is None:
        return False
    return person == own or Holder.objects.filter(_any(_family(own, "pk")), pk=person).exists()


def _family(own, person):
    """Conditions on rows with the key of a person at `person`: each one of the family of the
    person with the key `own`.

    Children whom `own` ever registered, and who else HR knows as a guardian of a child of `own`. A
    registration that HR has not confirmed makes nobody a relative of the other guardian.
    """
    own_wards = Guardianship.objects.filter(guardian=own)
    wards = own_wards.confirmed().values("ward")
    others = Guardianship.objects.confirmed().filter(ward__in=wards).values("guardian")
    return [
        Q(**{f"{person}__in": own_wards.values("ward")}),
        Q(**{f"{person}__in": others}),
    ]


def _any(conditions):
    return reduce(or_, conditions, Q())


def _ways_to_be_near(model, account, person):
    lifecycle, found = model.lifecycle, []
    if person is not None:
        found += [Q(**{lifecycle.holder: person}), *_family(person, lifecycle.holder)]
    if lifecycle.filled_in_by:
        found.append(Q(**{lifecycle.filled_in_by: account}))
    return found


def _key_of(user):
    """The key of the person of the account `user`; None for an account without one."""
    own = getattr(user, "holder", None)
    return own and own.pk
