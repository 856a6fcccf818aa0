"""The cashier's bill of a day, in the form of Alipay's: two CSV files in GBK in a zip."""

import io
import zipfile
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.core import signing
from django.urls import reverse

from apps.cashier.models import SandboxTrade
from apps.common.moments import end_of, start_of
from apps.common.money import yuan
from apps.gateways.alipay import BEIJING, TIME_FORMAT
from apps.gateways.sandbox import SELLER_ID

METHOD = "alipay.data.dataservice.bill.downloadurl.query"
ADDRESS_LASTS = timedelta(seconds=30)
FEE = Decimal("0.006")  # what Alipay takes of a payment, and keeps when it is refunded
NO_BILL = {"code": "40004", "msg": "Business Failed", "sub_code": "isp.bill_not_exist"}
HEADINGS = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,"
    "对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
    "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)
_SALT = "cashier.bill"


def answer(method, content, *, at):
    """The address of the bill of a day. There is none of today, nor of a day without trades."""
    try:
        day = date.fromisoformat(str(content.get("bill_date")))
    except ValueError:
        return NO_BILL | {"sub_code": "isv.invalid-arguments"}
    if end_of(day) > at or not any(trades_of(day)):
        return NO_BILL
    path = reverse("cashier:bill", args=[signing.dumps(day.isoformat(), salt=_SALT)])
    return {"code": "10000", "msg": "Success", "bill_download_url": settings.PORTAL_URL + path}


def download(signed_day):
    """The zip for the last part of an address of ours; None once it has expired."""
    try:
        day = signing.loads(signed_day, salt=_SALT, max_age=ADDRESS_LASTS)
    except signing.BadSignature:
        return None
    return of_day(date.fromisoformat(day))


def of_day(day):
    """The zip with the bill of `day`."""
    paid, refunded = trades_of(day)
    name = f"{SELLER_ID}_{day:%Y%m%d}_业务明细"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}(汇总).csv", "#支付宝业务汇总查询\r\n".encode("gbk"))
        archive.writestr(f"{name}.csv", written(day, paid, refunded))
    return packed.getvalue()


def trades_of(day):
    """(the trades that were paid on `day`, those that were refunded)."""
    between = (start_of(day), end_of(day))
    paid = SandboxTrade.objects.filter(paid_at__gte=between[0], paid_at__lt=between[1])
    refunded = SandboxTrade.objects.filter(refunded_at__gte=between[0], refunded_at__lt=between[1])
    return list(paid.order_by("paid_at")), list(refunded.order_by("refunded_at"))


def written(day, paid, refunded):
    """The detailed list as the bytes of its file."""
    rows = [_row(trade, "交易", trade.paid_at, yuan(trade.amount_fen)) for trade in paid]
    # How much of a payment went back in a part is known, but not when: the day of the payment.
    rows += [
        _row(trade, "退款", trade.paid_at, f"-{yuan(trade.refunded_fen)}", f"part-{trade.token}")
        for trade in paid
        if trade.refunded_fen
    ]
    rows += [
        _row(
            trade,
            "退款",
            trade.refunded_at,
            f"-{yuan(trade.amount_fen - trade.refunded_fen)}",
            trade.refund_number,
        )
        for trade in refunded
    ]
    count = sum(row.split(",")[2].startswith("退款") for row in rows)
    lines = [
        "#支付宝业务明细查询",
        f"#账号：[{SELLER_ID}]",
        f"#起始日期：[{day:%Y年%m月%d日} 00:00:00]   "
        f"终止日期：[{day + timedelta(days=1):%Y年%m月%d日} 00:00:00]",
        f"#{'-' * 41}业务明细列表{'-' * 40}",
        HEADINGS,
        *rows,
        f"#{'-' * 41}业务明细列表结束{'-' * 36}",
        f"#交易合计：{len(rows) - count}笔，商家实收共{yuan(sum(t.amount_fen for t in paid))}元",
        f"#退款合计：{count}笔",
    ]
    return "\r\n".join([*lines, ""]).encode("gbk", errors="replace")


def _row(trade, kind, moment, amount, request_number=""):
    """One line. Alipay ends each value with a tab, so that Excel takes numbers for words."""
    is_payment = kind == "交易"
    fee = f"-{yuan(fee_fen(trade.amount_fen))}" if is_payment else "0.00"
    finished = f"{moment.astimezone(BEIJING):{TIME_FORMAT}}"
    cells = [
        *(trade.trade_number, trade.order_number, kind, trade.subject.replace(",", "，")),
        *(f"{trade.created_at.astimezone(BEIJING):{TIME_FORMAT}}", finished),
        *("", "", "", "", "*超(138****0000)", amount, amount),
        *("0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00"),
        *(request_number, fee, "0.00", ""),
    ]
    return ",".join(f"{cell}\t" for cell in cells)


def fee_fen(amount_fen):
    """What the cashier takes of a payment, in fen."""
    return int((amount_fen * FEE).quantize(Decimal(1), ROUND_HALF_UP))
