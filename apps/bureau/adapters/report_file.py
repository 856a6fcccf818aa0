"""The bureau's report file (回盘文件), as docs/bureau-files.md describes it to the bureau.

Every line is read by itself, and a quoted field ends with its line. So a broken line breaks no
other line.
"""

import csv
import hashlib
import io
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from apps.bureau.adapters import report_header
from apps.bureau.enums import ReportKind
from apps.bureau.port import OrderReport, ReportFile, ReportLine
from apps.common.rules import rule_text

COLUMNS = (
    "report_reference",
    "order_reference",
    "result",
    "done_at",
    "card_number",
    "carrier",
    "tracking_number",
    "failure_reason",
)
# Result → the last four columns: those that are required, and those that are allowed.
_NEEDED = {
    ReportKind.MADE: {"card_number"},
    ReportKind.FAILED: {"failure_reason"},
    ReportKind.SENT: {"carrier"},
}
_OPTIONAL = {ReportKind.SENT: {"tracking_number"}}
_LABELS = {
    "card_number": "社保卡号",
    "carrier": "承运方",
    "tracking_number": "运单号",
    "failure_reason": "失败原因",
}
_LENGTHS = {"carrier": 20, "tracking_number": 30, "failure_reason": 200}

_REPORT_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,60}")
_ORDER_REFERENCE = re.compile(r"[A-Z0-9]{16}")
_CARD_NUMBER = re.compile(r"[A-Z0-9]{9}")
# What a spreadsheet makes of a long number: 1.23457E+12.
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MAX_LINE = 2000  # characters that are kept of a longer line
_CLOCKS_DIFFER_BY = timedelta(days=1)
_FIRST_YEAR = 2000

# A line that is read takes more memory than its bytes, and the shortest good one has some 70.
MOST_LINES = 150_000
TOO_MANY = f"文件超过 {MOST_LINES} 行，没有读取。请制卡中心分成几个文件重新交付。"
TOO_LARGE = f"文件超过 {rule_text('REPORT_MAX_BYTES')}，没有读取。请制卡中心分成几个文件重新交付。"


class _Broken(Exception):
    """Why a line cannot be read."""


def checksum(data):
    return hashlib.sha256(data).hexdigest()


def read(name, data, *, at):
    """The `ReportFile` in the bytes `data`. A report more than a day later than `at` is broken."""
    sha256 = checksum(data)
    if len(data) > settings.REPORT_MAX_BYTES:
        return ReportFile(name, sha256, refusal=TOO_LARGE)
    if data.count(b"\n") > MOST_LINES:
        return ReportFile(name, sha256, refusal=TOO_MANY)
    rest, refusal = report_header.below(data, COLUMNS)
    if refusal:
        return ReportFile(name, sha256, refusal=refusal)
    lines = tuple(
        read_line(raw.rstrip(b"\r"), number=number, at=at)
        for number, raw in enumerate(rest.split(b"\n"), start=2)
        if raw.strip()
    )
    return ReportFile(name, sha256, lines)


def read_line(raw, *, number, at):
    """The `ReportLine` in the bytes `raw`, which have no end of line."""
    content = raw.decode("utf-8", "backslashreplace")[:MAX_LINE]
    try:
        return ReportLine(number, content, report=_report(raw, at=at))
    except _Broken as fault:
        return ReportLine(number, content, fault=str(fault))


def _report(raw, *, at):
    values = dict(zip(COLUMNS, _fields(raw), strict=True))
    _check_pattern(
        _REPORT_REFERENCE, values["report_reference"], "回盘编号应为 1 至 60 位字母、数字、- 或 _。"
    )
    _check_pattern(
        _ORDER_REFERENCE, values["order_reference"], "制卡单号应为 16 位大写字母和数字。"
    )
    if values["result"] not in ReportKind.values:
        raise _Broken("办理结果只能是 MADE、FAILED 或 SENT。")
    kind = ReportKind(values["result"])
    for name, label in _LABELS.items():
        if name in _NEEDED[kind] and not values[name]:
            raise _Broken(f"「{kind.label}」的行缺少{label}。")
        if values[name] and name not in _NEEDED[kind] | _OPTIONAL.get(kind, set()):
            raise _Broken(f"「{kind.label}」的行不应有{label}。")
    for name, length in _LENGTHS.items():
        if len(values[name]) > length:
            raise _Broken(f"{_LABELS[name]}超过 {length} 个字。")
    if kind == ReportKind.MADE:
        _check_pattern(_CARD_NUMBER, values["card_number"], "社保卡号应为 9 位大写字母和数字。")
    if _ROUNDED.fullmatch(values["tracking_number"]):
        raise _Broken("运单号被电子表格改成了科学计数法，后几位已经丢失。")
    return OrderReport(
        reference=values["report_reference"],
        order_reference=values["order_reference"],
        kind=kind,
        at=_moment(values["done_at"], at=at),
        card_number=values["card_number"],
        carrier=values["carrier"],
        tracking_number=values["tracking_number"],
        failure=values["failure_reason"],
    )


def _fields(raw):
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _Broken("这一行不是 UTF-8 编码。") from None
    if len(text) > MAX_LINE:
        raise _Broken(f"这一行超过 {MAX_LINE} 个字。")
    if _CONTROL.search(text):
        raise _Broken("这一行有控制字符。")
    try:
        [fields] = csv.reader([text], strict=True)
    except csv.Error:
        raise _Broken("这一行的引号不成对。") from None
    if len(fields) != len(COLUMNS):
        raise _Broken(f"这一行有 {len(fields)} 栏，应为 {len(COLUMNS)} 栏。")
    return [field.strip() for field in fields]


def _check_pattern(pattern, value, fault):
    if not pattern.fullmatch(value):
        raise _Broken(fault)


def _moment(text, *, at):
    """A moment in ISO 8601; without an offset it is the time in Beijing."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.year < _FIRST_YEAR:
        raise _Broken("办理时间应写成 2026-11-27 15:04:05 的样子。")
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    if moment > at + _CLOCKS_DIFFER_BY:
        raise _Broken("办理时间在将来。")
    return moment


def write(reports):
    """The bytes of a file with these `OrderReport`s, as a bureau writes it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for report in reports:
        writer.writerow(
            [
                report.reference,
                report.order_reference,
                report.kind,
                _iso(report.at),
                report.card_number,
                report.carrier,
                report.tracking_number,
                report.failure,
            ]
        )
    return out.getvalue().encode()


def _iso(moment: datetime):
    return timezone.localtime(moment).isoformat()
