"""Who is too near to a case to decide on it, or to read it at the desk.

People do not decide on their own case, on the case of a child whom they ever registered, or on a
case that they filled in. A case is a row with a lifecycle that names its person (`holder`), or a
`Holder`. The rule is written here only: for one case, for a queryset and for the rows of a list.
"""

from django.db.models import Q

from apps.people.models import Guardianship, Holder


def party_sentence(*, what, verb):
    """The sentence of the refusal. `what` is the Chinese word for the case, `verb` for deciding."""
    return f"这是您本人或您子女的{what}，不能由您{verb}，请交给其他审核人。"


def is_party(user, subject):
    """Whether `user` is too near to `subject`."""
    if isinstance(subject, Holder):
        return Holder.objects.filter(_own(user, ""), pk=subject.pk).exists()
    author = subject.lifecycle.filled_in_by
    if author and getattr(subject, f"{author}_id") == user.pk:
        return True
    person = subject.lifecycle.holder_id_of(subject)
    return Holder.objects.filter(_own(user, ""), pk=person).exists()


def without_party(cases, user):
    """The queryset `cases` without those that `user` is too near to."""
    return cases.exclude(_is_party(cases.model, user))


def near_keys(cases, user):
    """The keys of those of `cases`, a list of one model, that `user` is too near to."""
    if not cases:
        return set()
    model = type(cases[0])
    near = model._default_manager.filter(
        _is_party(model, user), pk__in=[subject.pk for subject in cases]
    )
    return set(near.values_list("pk", flat=True))


def _is_party(model, user):
    lifecycle = model.lifecycle
    found = _own(user, f"{lifecycle.holder}__")
    if lifecycle.filled_in_by:
        found |= Q(**{lifecycle.filled_in_by: user})
    return found


def _own(user, prefix):
    """That the person at `prefix` is `user`, or was ever registered as a child by `user`."""
    wards = Guardianship.objects.filter(guardian__user=user).values("ward")
    return Q(**{f"{prefix}user": user}) | Q(**{f"{prefix}pk__in": wards})
