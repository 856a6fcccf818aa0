"""How long 500 approvals in bulk take, beside 500 bare moves of the lifecycle.

    .venv/bin/python -m bench.bulk [REQUESTS]

The floor is the move alone, in a transaction of its own: the compare-and-swap and its event. A run
moves the requests in one set, and adds the checks, the claims, the locks and the outcome of each
row.
"""

import sys
import time
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import Group

from apps.bulk import checks, services, working
from apps.bulk.contact_sheet import services as sheets
from apps.bulk.enums import BulkAction, BulkOutcome
from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.desk import roles
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.people.models import Holder, User
from apps.regions.models import Bank, City, CityRule, Province
from apps.requests.models import Particulars
from apps.verification.enums import CheckMethod, CheckOutcome, CheckStatus, Purpose
from apps.verification.models import Check
from bench import table
from bench.schema import make_tables

REQUESTS = 500
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SOON = AT + timedelta(minutes=1)


def main(count=REQUESTS):
    make_tables()
    reviewer = User.objects.create_user("S1", None, is_staff=True)
    reviewer.groups.add(Group.objects.get(name=roles.REVIEWER))
    fill(2 * count)
    every = CardRequest.objects.order_by("pk")
    moved, approved = every[:count], every[count:].select_related(*checks.RELATED)
    floor, _ = seconds(lambda: move_all(moved, reviewer))
    sheet = sheets.open_sheet(requests=list(approved), by=reviewer, at=AT)
    sheets.show(sheet=sheet, by=reviewer, at=AT)
    dry, run = seconds(
        lambda: services.prepare(
            requests=list(approved),
            action=BulkAction.APPROVE,
            what={},
            chosen="",
            by=reviewer,
            at=AT,
        )
    )
    services.start(run=run, by=reviewer, at=AT)
    real, _ = seconds(lambda: working.work_off(at=SOON, limit=count))
    if run.rows.counts() != {BulkOutcome.DONE: count}:
        raise SystemExit(f"not all were approved: {run.rows.counts()}")
    for name, spent in [
        (f"floor: {count:,} moves, each with its event", floor),
        ("dry run", dry),
        ("run", real),
    ]:
        print(f"{name:46} {spent * 1000:8.0f} ms {spent / floor:8.2f} × floor")
    table.note(
        "bulk_approval", ours=[count / real], floor=[count / floor], unit="requests a second"
    )


def move_all(requests, reviewer):
    for card_request in requests:
        engine.move(
            card_request,
            RequestAction.APPROVE,
            by=reviewer,
            role=Role.REVIEWER,
            at=AT,
            channel=Channel.ADMIN,
        )


def seconds(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def fill(count):
    """That many accepted and complete requests."""
    province = Province.objects.create(code="370000", name="山东省")
    city = City.objects.create(code="370100", name="济南市", province=province)
    bank = Bank.objects.create(code="95533", name="中国建设银行")
    applicant = User.objects.create_user("A1", None)
    rule = CityRule.objects.create(city=city, valid_from=date(2020, 1, 1))
    for number in range(count):
        holder = Holder.objects.create(
            name="张超",
            id_number=f"B{number:017d}",
            birth_date=date(1985, 6, 15),
            sex="M",
            reference_photo="reference/bench.jpg",
        )
        card_request = CardRequest(
            holder=holder, applicant=applicant, kind="FIRST", city=city, bank=bank, rule=rule
        )
        card_request.status, card_request.status_since = (
            RequestStatus.ACCEPTED,
            AT - timedelta(days=1),
        )
        card_request.save()
        Particulars.objects.create(
            card_request=card_request,
            saved_at=AT,
            saved_by=applicant,
            name="张超",
            id_number=holder.id_number,
            birth_date=holder.birth_date,
            sex="M",
            ethnicity="01",
            phone="13800138000",
            address="山东省济南市",
            occupation="2000000",
            id_valid_from=date(2020, 1, 1),
            id_valid_until=date(2040, 1, 1),
            portrait="portraits/example.jpg",
        )
        # Without a comparison of faces it would be a risk, and left out.
        Check.objects.create(
            holder=holder,
            by=applicant,
            purpose=Purpose.APPLY,
            card_request=card_request,
            status=CheckStatus.USED,
            status_since=AT,
            method=CheckMethod.FACE,
            outcome=CheckOutcome.PASSED,
            created_at=AT,
            expires_at=AT,
            decided_at=AT,
        )


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
