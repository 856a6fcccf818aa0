"""Opens a contact sheet, and records that its pictures were shown.

Only what was shown on a sheet can be approved in bulk (`bulk.checks`).
"""

from django.db import transaction

from apps.bulk.models import ContactPrint, ContactSheet
from apps.cards.permissions import check_is_reviewer
from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.event_kinds import CaseAction

WHAT = "照片小样：电子照片、人事照片"
WHY = "看照片，成批审核"


@transaction.atomic
def open_sheet(*, requests, by, at):
    """A new `ContactSheet` of `requests`, a list, as they are now. Raises `MayNotReview`."""
    check_is_reviewer(by)
    sheet = ContactSheet.objects.create(by=by, made_at=at)
    ContactPrint.objects.bulk_create(
        ContactPrint(
            sheet=sheet,
            card_request=card_request,
            seen_since=card_request.status_since,
            place=place,
        )
        for place, card_request in enumerate(requests)
    )
    return sheet


@transaction.atomic
def show(*, sheet, by, at):
    """Record that `by` is sent the pictures of `sheet`: once, as a look at each request.

    Call it before the pictures are sent. Raises `MayNotReview`.
    """
    check_is_reviewer(by)
    if not ContactSheet.objects.filter(pk=sheet.pk, by=by, shown_at=None).update(shown_at=at):
        return
    of_request = "card_request__"
    names = (f"{of_request}pk", f"{of_request}reference", f"{of_request}holder")
    desk.record_looks(
        kind=event_kinds.REQUEST,
        action=CaseAction.LOOK,
        rows=list(sheet.prints.order_by("place").values_list(*names)),
        by=by,
        at=at,
        reason=WHY,
        facts={"what": WHAT},
    )
