"""How a test orders an export, has it written, and reads its file."""

import csv
import io
from datetime import timedelta

import openpyxl
from django.http import QueryDict

from apps.exports import services, working
from apps.exports.enums import ExportFormat
from apps.review.filters import RequestFilter
from tests.factories.cards import AT

LATER = AT + timedelta(hours=1)
ALL = "stage=all"


def order(by, query=ALL, *, format=ExportFormat.CSV, is_full=False, reason="", at=LATER):
    form = RequestFilter(QueryDict(query))
    assert form.is_valid()
    return services.order(form=form, format=format, is_full=is_full, reason=reason, by=by, at=at)


def write(export, *, at=LATER):
    return working.write(export=export, clock=lambda: at)


def run(*, at=LATER):
    """What one run of the worker does; returns the export as it is afterwards."""
    export = working.lease_next(at=at)
    working.finish(export=export, name=write(export, at=at), at=at)
    export.refresh_from_db()
    return export


def exported(by, query=ALL, **options):
    order(by, query, **options)
    return run()


def csv_rows(export):
    text = services.opened(export=export).read().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sheet(export):
    return openpyxl.load_workbook(services.opened(export=export)).active
