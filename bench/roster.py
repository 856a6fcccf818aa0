"""How long a preview of a roster of 5000 rows takes, beside reading the same file with openpyxl.

    .venv/bin/python -m bench.roster [ROWS]

Half of the rows are people who are known, of whom every tenth has a new department; the rest are
new. The floor is openpyxl alone,
which reads every cell of the file; what is measured adds the judgement of each row by the form, the
comparison with what is stored, and the encrypted rows of the preview.
"""

import io
import sys
import time
from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from apps.people.models import Holder, User
from apps.roster import applying
from apps.roster import services as rosters
from apps.typed_text.id_numbers import check_character
from bench import table
from bench.schema import make_tables

ROWS = 5000


def id_number(place):
    born = date(1970, 1, 1) + timedelta(days=place // 400)
    first17 = f"379999{born:%Y%m%d}{place % 400 * 2 + 1:03d}"
    return first17 + check_character(first17)


def know(count):
    """Enter `count` people at once, as they are in the file."""
    users = User.objects.bulk_create(
        [User(employee_number=f"B{n:06d}", password="!") for n in range(count)]  # noqa: S106
    )
    Holder.objects.bulk_create(
        [
            Holder(
                user=user,
                name="张超",
                id_number=(number := id_number(n)),
                birth_date=date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}"),
                sex="1",
                phone=f"138{n:08d}",
                department="信息学院",
            )
            for n, user in enumerate(users)
        ]
    )


def workbook(count, known):
    book = Workbook()
    book.active.append(["工号", "姓名", "社会保障号码", "手机号", "部门", "民族", "常住地址"])
    for n in range(count):
        moved = n < known and n % 10 == 0
        department = "图书馆" if moved else "信息学院"
        row = [f"B{n:06d}", "张超", id_number(n), f"138{n:08d}", department]
        book.active.append([*row, "" if n < known else "汉族", ""])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def floor(content):
    sheet = load_workbook(io.BytesIO(content), read_only=True).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def main(rows=ROWS):
    make_tables()
    know(rows // 2)
    content = workbook(rows, rows // 2)
    by, at = User.objects.create_user("HR"), timezone.now()
    base = min(timed(lambda: floor(content)) for _ in range(3))
    rosters.AT_ONCE_BYTES = 0
    upload, _ = rosters.take_in(content=content, is_complete=True, by=by, at=at)
    with CaptureQueriesContext(connection) as queries:
        spent = timed(lambda: rosters.prepare(upload=upload, at=at))
    upload.refresh_from_db()
    print(f"{rows} rows, {len(content) // 1024} KB: {upload.counts}")
    print(f"floor: openpyxl reads the file {base:6.2f} s")
    print(f"preview                        {spent:6.2f} s {spent / base:6.1f} × floor")
    table.note("roster_preview", ours=[rows / spent], floor=[rows / base], unit="rows a second")
    print(f"queries                        {len(queries):6d}")
    applied = min(rows, 500)
    applying.apply(upload=upload, typed_count=None, by=by, at=at)
    upload.refresh_from_db()
    took = timed(lambda: applying.work(upload=upload, at=at, limit=applied))
    share = base / rows * applied  # of the floor, for as many rows
    print(f"apply, {applied} rows".ljust(30), f"{took:6.2f} s {took / share:6.1f} × floor")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
