"""What the decision page shows of a request, read here and judged nowhere."""

from dataclasses import dataclass

from django.conf import settings

from apps.cards.forms import LONG_TERM
from apps.cards.models import CardRequest, Particulars
from apps.cards.particulars import AMENDABLE
from apps.common import masks
from apps.delivery.models import Shipment
from apps.payments.models import Payment
from apps.people.models import Guardianship, GuardianshipProof
from apps.verification.enums import Outcome
from apps.verification.models import Check

MASKED = {"id_number": masks.id_number, "phone": masks.phone, "address": masks.address}

# What the person's own row in the roster says as well, so that the two can be compared.
COMPARED = (
    "name",
    "id_number",
    "sex",
    "birth_date",
    "nationality",
    "ethnicity",
    "phone",
    "address",
    "occupation",
)
LABELS = {field.name: str(field.verbose_name) for field in Particulars._meta.fields}
NATIONALITIES = {"CHN": "中国"}
ONLY_GIVEN = ("id_type", "id_valid_from", "id_valid_until", "household_type")


@dataclass(frozen=True)
class Row:
    """One particular beside what the roster says; `on_file` is empty where it says nothing."""

    label: str
    given: str
    on_file: str = ""
    differs: bool = False


def get(reference):
    """The request with what every part of the page needs; raises `CardRequest.DoesNotExist`."""
    return (
        CardRequest.objects.submitted()
        .select_related(
            "particulars__guardian", "holder__user", "applicant__holder", "city", "bank", "old_card"
        )
        .get(reference=reference)
    )


def rows(particulars, *, holder, is_disclosed):
    """The particulars, differences first. Compared in full, shown masked unless `is_disclosed`."""

    def shown(row, name):
        text = _text(row, name)
        return MASKED[name](text) if name in MASKED and not is_disclosed else text

    compared = [
        Row(
            label=LABELS[name],
            given=shown(particulars, name),
            on_file=shown(holder, name),
            differs=_differs(getattr(particulars, name), getattr(holder, name)),
        )
        for name in COMPARED
    ]
    given = [Row(label=LABELS[name], given=shown(particulars, name)) for name in ONLY_GIVEN]
    return sorted(compared, key=lambda row: not row.differs) + given


def _differs(given, on_file):
    return bool(on_file) and given != on_file


def _text(row, name):
    value = getattr(row, name)
    display = getattr(row, f"get_{name}_display", None)
    if display is not None:
        return display() if value else ""
    if name == "nationality":
        return NATIONALITIES.get(value, value)
    if value == LONG_TERM:
        return "长期"
    return str(value) if value else ""


def surroundings(request, *, at):
    """Everything else about the case at the moment `at`: one query for each part."""
    return {
        "checks": Check.objects.filter(request=request)
        .exclude(outcome=Outcome.PENDING)
        .select_related("by__holder")
        .order_by("-pk"),
        "events": request.events.select_related("by__holder").order_by("pk"),
        "amendments": [
            {
                "row": amendment,
                "items": [
                    {"label": AMENDABLE[item["field"]].label, "reason": item["reason"]}
                    for item in amendment.items
                ],
            }
            for amendment in request.amendments.select_related("asked_by__holder").order_by("-pk")
        ],
        "others": CardRequest.objects.submitted()
        .filter(holder=request.holder_id)
        .exclude(pk=request.pk)
        .select_related("city", "bank")
        .order_by("-pk")[:10],
        "cards": [
            (card, card.status_at(at))
            for card in request.holder.cards.select_related("city", "bank").order_by("-pk")
        ],
        "shipment": Shipment.objects.select_related("city__province", "county")
        .filter(request=request)
        .first(),
        "payments": Payment.objects.filter(request=request).order_by("-pk"),
        "similar_below": settings.FACE_SIMILAR_BELOW,
        "different_above": settings.FACE_DIFFERENT_ABOVE,
        "disclosures": request.disclosures.select_related("by__holder").order_by("-pk")[:10],
    }


def proofs(request):
    """What the guardian of a child's request was confirmed by; none for a grown-up."""
    return (
        GuardianshipProof.objects.filter(
            guardianship__in=Guardianship.objects.confirmed(),
            guardianship__guardian=request.particulars.guardian_id,
            guardianship__ward=request.holder_id,
        )
        .select_related("guardianship")
        .order_by("number")
    )
