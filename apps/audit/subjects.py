"""What an event is about: its model, and its page at the desk."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model, Q
from django.urls import reverse

from apps.audit.event_kinds import TRACE
from apps.bills.event_kinds import MONTH
from apps.desk import event_kinds
from apps.my_data.event_kinds import MY_DATA
from apps.people import event_kinds as people_kinds

# The models of the desk's kinds; those of lifecycles name their kind themselves.
_MODELS = {
    event_kinds.REQUEST.name: "cards.CardRequest",
    event_kinds.FORMAL_LOSS.name: "replacement.FormalLoss",
    event_kinds.GUARDIANSHIP.name: "people.Guardianship",
    event_kinds.HOLDER.name: "people.Holder",
    event_kinds.EXPORT_FILE.name: "exports.Export",
    event_kinds.ROSTER_FILE.name: "roster.RosterUpload",
    event_kinds.PHRASE.name: "phrasebook.Phrase",
    event_kinds.WORDING.name: "notices.MessageWording",
    event_kinds.SAVED_LIST.name: "saved_lists.SavedList",
    event_kinds.ABSENCE.name: "desk.Absence",
    event_kinds.RULES.name: "regions.City",
    event_kinds.FILE.name: "bureau.BureauFile",
    event_kinds.LINE.name: "bureau.QuarantinedLine",
    event_kinds.REFUND.name: "payments.Payment",
    event_kinds.DISCREPANCY.name: "payments.Discrepancy",
    event_kinds.ACCOUNT.name: "people.User",
    MONTH.name: "bills.ClosedMonth",
    MY_DATA.name: "people.User",
    TRACE.name: "people.User",
    people_kinds.ACCOUNT.name: "people.User",
    people_kinds.CONSENT.name: "people.Holder",
    people_kinds.HOLDER.name: "people.Holder",
}


@dataclass(frozen=True)
class _Page:
    """The name of a page of the admin; it is found by the reference, or by the key."""

    name: str
    by_key: bool = False


_PAGES = {
    "cards.CardRequest": _Page("cards_cardrequest"),
    "cards.Card": _Page("cards_card", by_key=True),
    "payments.Payment": _Page("payments_payment", by_key=True),
    "payments.Discrepancy": _Page("payments_discrepancy"),
    "bills.DailyBill": _Page("bills_dailybill"),
    "bills.ClosedMonth": _Page("bills_closedmonth"),
    "replacement.FormalLoss": _Page("replacement_formalloss"),
    "loss_report.LossReport": _Page("loss_report_lossreport", by_key=True),
    "people.Guardianship": _Page("people_guardianship"),
    "people.Holder": _Page("people_holder", by_key=True),
    "my_data.Correction": _Page("my_data_correction"),
    "person_changes.PersonChange": _Page("person_changes_personchange"),
    "roster.RosterUpload": _Page("roster_rosterupload"),
    "photo_import.PhotoArchive": _Page("roster_rosterupload_photos"),
    "people.User": _Page("people_user", by_key=True),
    "regions.City": _Page("regions_city"),
    "notices.MessageWording": _Page("notices_messagewording"),
    "bulk.BulkRun": _Page("bulk_bulkrun"),
    "exports.Export": _Page("exports_export"),
    "bureau.ProductionBatch": _Page("bureau_productionbatch"),
    "bureau.BureauFile": _Page("bureau_bureaufile"),
    "bureau.QuarantinedLine": _Page("bureau_quarantinedline"),
}
# Models whose public reference has another name.
_REFERENCES = {
    "regions.City": "code",
    "people.User": "employee_number",
    "notices.MessageWording": "key",
}


def models():
    """{name of a kind: the model of its subjects}."""
    living = {
        model.lifecycle.name: model for model in apps.get_models() if hasattr(model, "lifecycle")
    }
    return living | {name: apps.get_model(label) for name, label in _MODELS.items()}


def page_of(event):
    """The address of the page at the desk of what `event` is about; "" where there is none."""
    model = models().get(event.subject_kind)
    page = model and _PAGES.get(model._meta.label)
    key = page and (event.subject_id if page.by_key else event.reference)
    return reverse(f"admin:{page.name}_change", args=[key]) if page and key else ""


def named(reference):
    """The condition for events about what has this public reference.

    Costs one short query for each model, because the events have no index by reference.
    """
    found = Q(pk__in=[])
    kinds: dict[type[Model], list[str]] = {}
    for name, model in models().items():
        kinds.setdefault(model, []).append(name)
    for model, names in kinds.items():
        column = _REFERENCES.get(model._meta.label, "reference")
        if column in {field.name for field in model._meta.fields}:
            same = model._default_manager.filter(**{column: reference})
            for key in same.values_list("pk", flat=True):
                found |= Q(subject_kind__in=names, subject_id=key)
    return found
