"""The lists of rows that the page of a roster shows, one tab each."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from apps.cards.models import CardRequest
from apps.roster.enums import RowKind, RowOutcome
from apps.roster.resource import SHOWN

_PHONE = SHOWN["phone"]

# Whether somebody who leaves may still sign in, to finish what is under way.
KEEPS_SIGN_IN = Exists(
    CardRequest.objects.of_leaver(person=OuterRef("holder"), account=OuterRef("holder__user"))
) & Q(holder__user__is_staff=False)


def keeping_sign_in(upload):
    """How many of those who leave by `upload` may still sign in."""
    return upload.rows.filter(KEEPS_SIGN_IN, kind=RowKind.LEFT).count()


def with_phone(upload):
    """How many of those whom `upload` enters have a phone, to which their invitation goes."""
    rows = upload.rows.filter(kind=RowKind.CREATED).values_list("changes", flat=True)
    return sum(any(heading == _PHONE for heading, *_ in changes) for changes in rows.iterator())


@dataclass(frozen=True)
class RowList:
    """`key` is in the URL, `heading` is above the column that `template` draws.

    With `has_outcome` the list shows the outcome of each row once the roster is applied. The list
    has the rows with the outcome `of_outcome`; with `is_of_notes`, the rows in which the reader
    changed something; without either, the rows of the kind `key`.
    """

    key: str
    label: str
    heading: str
    template: str
    has_outcome: bool = True
    of_outcome: str = ""
    is_of_notes: bool = False

    def rows(self, upload):
        if self.is_of_notes:
            return upload.rows.exclude(notes=[])
        if self.of_outcome:
            return upload.rows.filter(outcome=self.of_outcome)
        rows = upload.rows.filter(kind=self.key)
        if self.key == RowKind.LEFT:
            return rows.annotate(keeps_sign_in=KEEPS_SIGN_IN)
        return rows

    def count(self, upload):
        """How many rows it has; those of a kind were counted when the file was read."""
        if self.of_outcome:
            return self.rows(upload).count() if upload.is_applied else 0
        return upload.counts.get(self.key.lower(), 0)


def _of_kind(kind, heading, template, **more):
    return RowList(kind, kind.label, heading, f"backoffice/roster/rows/{template}.html", **more)


CREATED = _of_kind(RowKind.CREATED, "登记的内容", "entered")
UPDATED = _of_kind(RowKind.UPDATED, "变化", "changes")
LEFT = _of_kind(RowKind.LEFT, "依据", "leaving")
REFUSED = _of_kind(RowKind.REFUSED, "哪一列、怎么改", "problems", has_outcome=False)
# Valid in the preview, but not applied.
FAILED = RowList(
    "FAILED",
    "没有生效",
    "哪一列、怎么改",
    "backoffice/roster/rows/problems.html",
    of_outcome=RowOutcome.REFUSED,
)
NOTED = RowList(
    "NOTED",
    "读取时有改动",
    "作用",
    "backoffice/roster/rows/kind.html",
    is_of_notes=True,
)
TABS = (CREATED, UPDATED, LEFT, REFUSED)
# Shown where they have rows.
SOMETIMES = (FAILED, NOTED)
LISTS = {each.key: each for each in (*TABS, *SOMETIMES)}
# The lists of a roster that was just read: errors first.
FIRST = (REFUSED, CREATED, UPDATED, LEFT)


def chosen(wanted, upload):
    """The list with the key `wanted`, else the first that has rows."""
    if wanted in LISTS:
        return LISTS[wanted]
    return next((each for each in FIRST if each.count(upload)), CREATED)
