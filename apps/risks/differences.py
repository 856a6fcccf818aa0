"""Whether the particulars differ from the roster: a rule for one request, and a condition.

An encrypted column cannot be compared by the database. Its blind index can, which both rows have.
"""

from django.db.models import CharField, F, Q

from apps.encryption.fields import BlindIndexField
from apps.people.models import Holder
from apps.requests import registry
from apps.requests.declaration import OnFile


def compared():
    """The fields that the roster knows too, by name."""
    return {
        declared.name: declared
        for declared in registry.every()
        if declared.on_file != OnFile.NOBODY
    }


def row_on_file(declared, card_request):
    """The row of the roster that says the same as `declared`; None where the roster does not know.

    Select `holder` and `particulars__guardian` along.
    """
    holder, guardian = card_request.holder, card_request.particulars.guardian
    match declared.on_file:
        case OnFile.PERSON:
            return holder
        case OnFile.HOUSEHOLD:
            return guardian if guardian and declared.says_nothing(holder) else holder
    return None


def differs(declared, card_request):
    """Whether the roster says something about `declared`, and something else."""
    row = row_on_file(declared, card_request)
    if row is None or declared.says_nothing(row):
        return False
    return declared.values(row) != declared.values(card_request.particulars)


def differing(declared):
    """`differs` as a condition on requests."""
    on_holder = _says(declared, "holder") & ~_same(declared, "holder")
    if declared.on_file != OnFile.HOUSEHOLD:
        return on_holder
    guardian = "particulars__guardian"
    on_guardian = ~_says(declared, "holder") & _says(declared, guardian)
    return on_holder | (on_guardian & ~_same(declared, guardian))


def _says(declared, path):
    """That the row at `path` says something about `declared`."""
    found = Q()
    for column in declared.columns:
        field = _comparable(column)
        name = f"{path}__{field.name}"
        says = Q(**{f"{name}__isnull": False})
        found |= says & ~Q(**{name: ""}) if isinstance(field, CharField) else says
    return found


def _same(declared, path):
    found = Q()
    for column in declared.columns:
        name = _comparable(column).name
        found &= Q(**{f"particulars__{name}": F(f"{path}__{name}")})
    return found


def _comparable(column):
    """The field of the roster and the particulars that the database compares for `column`."""
    fields = {field.name: field for field in Holder._meta.local_fields}
    for field in fields.values():
        if isinstance(field, BlindIndexField) and field.source == column and field.last is None:
            return field
    return fields[column]
