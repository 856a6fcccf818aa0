"""How much work an export of 100,000 requests is beside reading the same rows, and its memory.

    .venv/bin/python -m bench.exports [REQUESTS]

The floor reads the same rows in the same chunks and does nothing with them. The rest of the time is
masking, writing and encrypting. Times are processor times. Memory is the peak that tracemalloc
sees: the ratio of 20,000 rows to 2,000 rows. Near 1 means that a larger file needs no more memory.
Tracing slows the work down many times, so it is not done for all rows.
"""

import random
import sys
import tempfile
import time
import tracemalloc
from datetime import UTC, date, datetime, timedelta

from apps.cards.models import CardRequest
from apps.encryption import sealing
from apps.events.models import Event
from apps.exports import columns, files
from apps.exports.enums import ExportFormat
from apps.people.models import Holder, User
from apps.regions.models import Bank, City, CityRule, Province
from apps.requests.models import Particulars
from bench import table
from bench.schema import make_tables

REQUESTS = 100_000
END = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def first(count):
    """A queryset of the first `count` requests."""
    last = CardRequest.objects.order_by("pk").values_list("pk", flat=True)[count - 1]
    return CardRequest.objects.filter(pk__lte=last)


def read(count):
    for chunk in columns.chunks(first(count), at=END):
        assert chunk


def export(count, *, format):
    shown = columns.columns()
    lines = (
        columns.row(card_request, shown, is_full=False)
        for chunk in columns.chunks(first(count), at=END)
        for card_request in chunk
    )
    with tempfile.TemporaryFile() as clear, tempfile.TemporaryFile() as sealed:
        files.write(lines, shown, format=format, target=clear)
        clear.seek(0)
        sealing.seal(clear, sealed)
        return sealed.tell()


def seconds(work, *arguments, **options):
    """The time of the processor that `work` takes."""
    start = time.process_time()
    work(*arguments, **options)
    return time.process_time() - start


def peak(work, *arguments, **options):
    """The most memory in MB that `work` held at once."""
    tracemalloc.start()
    try:
        work(*arguments, **options)
        return tracemalloc.get_traced_memory()[1] / 1024**2
    finally:
        tracemalloc.stop()


def main(many=REQUESTS):
    few, some = many // 50, many // 5
    make_tables()
    fill(many)
    read(some)  # Warms up.
    floor = seconds(read, many)
    ours = {}
    print(f"{'floor: reading ' + format(many, ',') + ' requests':46} {floor:7.1f} s")
    for kind in ExportFormat:
        spent = ours[kind] = seconds(export, many, format=kind)
        print(
            f"{kind.value + ', masked, encrypted':46} {spent:7.1f} s {spent / floor:6.2f} × floor"
        )
    for kind, spent in ours.items():
        table.note(
            f"export_{kind.value}",
            ours=[many / spent],
            floor=[many / floor],
            unit="requests a second of CPU",
        )
    for kind in ExportFormat:
        small, large = (peak(export, count, format=kind) for count in (few, some))
        name = f"memory of {kind.value}, {few:,} and {some:,} rows"
        print(f"{name:46} {small:5.1f} {large:5.1f} MB {large / small:6.2f} ×")


def fill(count):
    """`count` requests of one person. Withdrawn ones need no card; an export reads them as any."""
    dice = random.Random(7)  # noqa: S311
    province = Province.objects.create(code="370000", name="山东省")
    city = City.objects.create(code="370100", name="济南市", province=province)
    rule = CityRule.objects.create(city=city, valid_from=date(2020, 1, 1))
    bank = Bank.objects.create(code="95533", name="中国建设银行")
    user = User.objects.create_user("B000001", None)
    holder = Holder.objects.create(
        user=user,
        name="张超",
        id_number="379999198506150018",
        birth_date=date(1985, 6, 15),
        sex="1",
        department="信息学院",
    )
    for start in range(0, count, 5000):
        requests = CardRequest.objects.bulk_create(
            CardRequest(
                holder=holder,
                applicant=user,
                kind="FIRST",
                city=city,
                rule=rule,
                bank=bank,
                status="WITHDRAWN",
                status_since=END,
            )
            for _ in range(min(5000, count - start))
        )
        Particulars.objects.bulk_create(
            Particulars(
                card_request=card_request,
                name="张超",
                id_type="A",
                id_number="379999198506150018",
                sex="1",
                birth_date=date(1985, 6, 15),
                phone=f"138{dice.randrange(10**8):08d}",
            )
            for card_request in requests
        )
        Event.objects.bulk_create(
            Event(
                holder_id=holder.pk,
                subject_kind="request",
                subject_id=card_request.pk,
                action=action,
                to_status="SUBMITTED",
                at=END + timedelta(minutes=number),
                by=user,
                role="HOLDER",
                channel="WEB",
            )
            for card_request in requests
            for number, action in enumerate(("SAVE", "SUBMIT", "WITHDRAW"))
        )


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
