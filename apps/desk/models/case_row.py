"""What the desk keeps about one case: a request, a formal loss or a registration of a child."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import OuterRef, Q

from apps.cards.models import CardRequest
from apps.people.models import Guardianship
from apps.replacement.models import FormalLoss

# The column of a `CaseRow` for each model of cases.
CASE_COLUMNS: dict[type[models.Model], str] = {
    CardRequest: "card_request",
    FormalLoss: "formal_loss",
    Guardianship: "guardianship",
}
CASES = tuple(CASE_COLUMNS.values())
_LABELS = {CardRequest: "申请", FormalLoss: "正式挂失", Guardianship: "监护关系"}


def naming(subject):
    """The keyword by which a `CaseRow` names `subject`."""
    return {CASE_COLUMNS[type(subject)]: subject}


def case_key(model, *, key=models.ForeignKey, related_name="%(class)ss"):
    """The column for cases of `model`; `key` may be a `OneToOneField`."""
    return key(
        model,
        models.CASCADE,
        null=True,
        blank=True,
        related_name=related_name,
        verbose_name=_LABELS[model],
    )


def _names_only(named):
    """The condition that only the column `named` names a case."""
    return Q(**{f"{named}__isnull": False} | {case: None for case in CASES if case != named})


class CaseRowQuerySet(models.QuerySet):
    def about(self, subject):
        """The rows of one case."""
        return self.filter(**naming(subject))

    def about_outer(self, model):
        """The rows of the case that the outer query is at: for `Exists` in a query of `model`."""
        return self.filter(**{CASE_COLUMNS[model]: OuterRef("pk")})


class CaseRow(models.Model):
    """A row about exactly one case, which goes with the case."""

    card_request = case_key(CardRequest)
    formal_loss = case_key(FormalLoss)
    guardianship = case_key(Guardianship)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=reduce(or_, map(_names_only, CASES)), name="%(class)s_names_one_case"
            )
        ]
