"""Alipay's daily bill (业务明细): a zip of CSV files in GBK, read into entries.

One of its files lists the trades and refunds of a day between two marks, with its totals below; the
other one sums them up and is not needed. Amounts are in yuan, and seen from the merchant: a refund
and a fee are negative. Columns are found by their names, because new ones have been added over the
years.
"""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from apps.common.moments import day_of

BEIJING = ZoneInfo("Asia/Shanghai")
# Of all files in the zip together, and lines of the list: 80,000 trades of a merchant a day. Some
# kilobytes can be unpacked to any size, and an empty line takes more memory than its byte.
MOST_BYTES = 25_000_000
MOST_LINES = 100_000
BEGIN, END = "业务明细列表", "业务明细列表结束"
TRADE, REFUND = "交易", "退款"
COLUMNS = (
    "支付宝交易号",
    "商户订单号",
    "业务类型",
    "完成时间",
    "订单金额（元）",
    "退款批次号/请求号",
    "服务费（元）",
)
_AMOUNT = re.compile(r"(-?)([0-9]{1,9})(?:\.([0-9]{1,2})0*)?")
_NUMBER = re.compile(r"[!-~]{1,64}")
_DAY = re.compile(r"起始日期：\[(\d{4})年(\d{2})月(\d{2})日 00:00:00\]")
_ACCOUNT = re.compile(r"#账号：\[([!-~]+?)\]")
_COUNT = {TRADE: re.compile(r"#交易合计：(\d+)笔"), REFUND: re.compile(r"#退款合计：(\d+)笔")}


class UnreadableBill(Exception):
    """It is no bill, not a whole one, or of another day. The text says so to the desk."""


@dataclass(frozen=True)
class BillEntry:
    """One line. `amount_fen` is above zero; `fee_fen` is as printed, below zero if charged."""

    number: int  # of the line in the file, from 1
    is_refund: bool
    trade_number: str
    order_number: str
    request_number: str
    amount_fen: int
    fee_fen: int
    finished_at: datetime

    @property
    def key(self):
        """What the gateway lists once."""
        return self.is_refund, self.trade_number, self.request_number


@dataclass
class BillFile:
    """A bill as read. `bad_lines` are (number, why); `repeated` counts lines that stand twice."""

    day: date
    account: str  # that of the merchant begins with the number of the seller
    entries: list[BillEntry] = field(default_factory=list)
    bad_lines: list[tuple[int, str]] = field(default_factory=list)
    repeated: int = 0


def read(data, *, day=None):
    """The `BillFile` in `data`, a zip or its CSV file. Raises `UnreadableBill`.

    `day` is the one that was asked for.
    """
    lines = _lines(_text(data))
    begin, end = _place(lines, BEGIN), _place(lines, END)
    if begin is None:
        raise UnreadableBill(
            "账单不完整，没有读到明细的开头：不是「业务明细」日账单，或者另存时换了格式、编码。"
            "请用下载的原文件。"
        )
    if end is None or end <= begin + 1:
        raise UnreadableBill("账单不完整，没有读到明细的结尾，请重新下载。")
    account = next(filter(None, map(_ACCOUNT.search, lines[:begin])), None)
    bill = BillFile(_day_of(lines[:begin]), account[1] if account else "")
    if day is not None and bill.day != day:
        raise UnreadableBill(f"这是 {bill.day} 的账单，要的是 {day} 的。")
    names, places = _columns(lines[begin + 1])
    found: dict = {}
    for number in range(begin + 2, end):
        _read_line(bill, found, number + 1, lines[number], names, places)
    bill.entries = list(found.values())
    _check_totals(bill, lines[end:])
    return bill


def _lines(text):
    lines = text.split("\n", MOST_LINES)
    if len(lines) > MOST_LINES:
        raise _too_large()
    return [line.rstrip("\r") for line in lines]


def _too_large():
    return UnreadableBill("账单文件太大，读不了。请核对文件；确实是一天的账单的，请联系运维员。")


def _text(data):
    """The text of the detailed list."""
    if not data.startswith(b"PK"):
        if len(data) > MOST_BYTES:
            raise _too_large()
        return _decoded(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked, found = 0, set()
            for member in archive.infolist():
                unpacked += member.file_size  # no more than this is unpacked
                if unpacked > MOST_BYTES:
                    raise _too_large()
                text = _decoded(archive.read(member))
                if BEGIN in text:
                    found.add(text)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableBill("压缩包打不开，可能没有下载完整，请重新下载。") from error
    if len(found) > 1:
        raise UnreadableBill(f"压缩包里有 {len(found)} 份业务明细，请一天一份，分开上传。")
    if not found:
        raise UnreadableBill("压缩包里没有业务明细，请下载「业务明细」账单，不用另存。")
    return found.pop()


def _decoded(data):
    """GB18030 contains GBK; a file that was saved again with a spreadsheet program may be UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def _place(lines, mark):
    """The number of the line that is `mark` between dashes; None if there is none."""
    wanted = re.compile(rf"#-+{mark}-+,*\s*")
    return next((number for number, line in enumerate(lines) if wanted.fullmatch(line)), None)


def _day_of(lines):
    found = next(filter(None, map(_DAY.search, lines)), None)
    try:
        return date(*map(int, found.groups()))  # type: ignore[union-attr]
    except (AttributeError, ValueError) as error:
        raise UnreadableBill("账单里没有写明是哪一天的，请用支付平台下载的原文件。") from error


def _columns(line):
    names = [name.strip() for name in next(csv.reader([line]), [])]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise UnreadableBill(f"账单缺少这些列：{'、'.join(missing)}。")
    return names, [names.index(name) for name in COLUMNS]


def _read_line(bill, found, number, line, names, places):
    try:
        cells = [cell.strip() for cell in next(csv.reader([line], strict=True), [])]
        if len(cells) != len(names):
            raise ValueError(f"应有 {len(names)} 栏，实有 {len(cells)} 栏")
        entry = _entry(number, [cells[place] for place in places], bill.day)
        same = found.setdefault(entry.key, entry)
        if same is not entry:
            if (same.amount_fen, same.fee_fen) != (entry.amount_fen, entry.fee_fen):
                raise ValueError(f"与第 {same.number} 行是同一笔，金额却不同")
            bill.repeated += 1
    except (ValueError, csv.Error) as error:
        why = "引号不成对" if isinstance(error, csv.Error) else str(error)
        bill.bad_lines.append((number, why))


def _entry(number, cells, day):
    trade, order, kind, finished, amount, request, fee = cells
    if kind not in {TRADE, REFUND}:
        raise ValueError(f"业务类型「{kind[:20]}」不是交易，也不是退款")
    is_refund = kind == REFUND
    fen = _fen(amount, "订单金额")
    if (fen >= 0) is is_refund or not fen:
        raise ValueError(f"{kind}的订单金额是 {amount}，正负不对")
    return BillEntry(
        number=number,
        is_refund=is_refund,
        trade_number=_number(trade, "支付宝交易号"),
        order_number=_number(order, "商户订单号"),
        request_number=_number(request, "退款请求号") if is_refund else "",
        amount_fen=abs(fen),
        fee_fen=_fen(fee or "0", "服务费"),
        finished_at=_moment(finished, day),
    )


def _fen(text, name):
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError(f"{name}「{text[:20]}」不是金额")
    fen = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
    return -fen if found[1] else fen


def _number(text, name):
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{name}空着，或不是号码")
    return text


def _moment(text, day):
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    except ValueError as error:
        raise ValueError(f"完成时间「{text[:20]}」不是时间") from error
    if day_of(moment) != day:
        raise ValueError(f"完成时间 {text} 不在账单的这一天")
    return moment


def _check_totals(bill, below):
    """The file says below how many lines it has: a line that got lost is noticed."""
    text = "\n".join(below)
    for kind, pattern in _COUNT.items():
        told = pattern.search(text)
        if told is None:
            raise UnreadableBill("账单不完整，没有读到明细后面的合计，请重新下载。")
        found = sum(entry.is_refund is (kind == REFUND) for entry in bill.entries)
        # Whether a line that stands twice was counted twice, only the sender knows.
        if not bill.bad_lines and not found <= int(told[1]) <= found + bill.repeated:
            raise UnreadableBill(f"账单写着{kind} {told[1]} 笔，明细里有 {found} 笔，请重新下载。")
