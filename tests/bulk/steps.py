"""How a test prepares a bulk run, has it worked off, and reads what became of it."""

from datetime import timedelta

from apps.bulk import checks, services, working
from apps.bulk.contact_sheet import services as sheets
from apps.bulk.enums import BulkAction
from apps.cards.models import CardRequest
from tests.factories.cards import AT

LATER = AT + timedelta(hours=2)
SOON = LATER + timedelta(minutes=1)


def show(*requests, by, at=LATER):
    """Show `by` the pictures of `requests` on a contact sheet, as they are now."""
    rows = list(CardRequest.objects.filter(pk__in=[row.pk for row in requests]).order_by("pk"))
    sheet = sheets.open_sheet(requests=rows, by=by, at=at)
    sheets.show(sheet=sheet, by=by, at=at)
    return sheet


def prepare(*requests, by, action=BulkAction.APPROVE, at=LATER, **what):
    show(*requests, by=by, at=at)
    rows = CardRequest.objects.filter(pk__in=[card_request.pk for card_request in requests])
    return services.prepare(
        requests=list(rows.select_related(*checks.RELATED).order_by("pk")),
        action=action,
        what=what,
        chosen="环节：待审核",
        by=by,
        at=at,
    )


def begin(*requests, by, **options):
    run = prepare(*requests, by=by, **options)
    services.start(run=run, by=by, at=LATER)
    run.refresh_from_db()
    return run


def work_off(at=SOON, limit=100):
    return working.work_off(at=at, limit=limit)


def outcomes(run):
    return [(row.outcome, row.reason) for row in run.rows.order_by("pk")]


def statuses(*requests):
    return [CardRequest.objects.get(pk=card_request.pk).status for card_request in requests]
