"""How far the form of a draft is filled in, for the summary beside it."""

from typing import NamedTuple

from apps.requests.forms import resumed
from apps.waiting import card_face


class MissingField(NamedTuple):
    label: str
    id: str  # of its control


class FormProgress(NamedTuple):
    """`filled` counts the fields that are right, the portrait among them."""

    filled: int
    missing: list[MissingField]
    face: card_face.CardFace | None


def progress_of(card_request, *, at):
    """The `FormProgress` of the draft `card_request` as it is saved."""
    saved = card_request.particulars
    form = resumed(saved, at=at, has_portrait=bool(saved.portrait))
    wrong = form.errors
    missing = [
        MissingField(unit.label, form[next(name for name in unit.inputs if name in wrong)].auto_id)
        for unit in form.units()
        if any(name in wrong for name in unit.inputs)
    ]
    if form.needs_portrait and not form.has_portrait:
        missing.insert(0, MissingField("电子照片", "portrait-title"))
    count = len(form.units()) + form.needs_portrait
    return FormProgress(count - len(missing), missing, card_face.of_request(card_request, at=at))
