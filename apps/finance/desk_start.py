"""What finance begins with: money that needs a person, bills, months, and this month so far."""

from django.db.models import Count, Min, Sum
from django.urls import reverse

from apps.bills import booking
from apps.bills.models import ClosedMonth, DailyBill
from apps.common.moments import day_of, start_of
from apps.common.money import yuan
from apps.desk import roles
from apps.desk.work import StartPart, Work
from apps.finance import lists
from apps.gateways.port import current_gateway_name
from apps.payments.models import Discrepancy, Payment, sum_of_discrepancies, sum_of_rests

SHOWN_BILLS = 7
SHOWN_MONTHS = 6
LIST = "admin:payments_discrepancy_changelist"
PAYMENTS = "admin:payments_discrepancy_payments"


def refunds(at):
    """Refunds that need a person."""
    rows = Payment.objects.refunds_in_trouble(at)
    return refunds_of(
        **rows.aggregate(count=Count("pk"), oldest_at=Min("owed_since"), fen=sum_of_rests())
    )


def refunds_of(**found):
    """`refunds`, of which there are `count` of together `fen`, the first since `oldest_at`."""
    note = "支付平台没有退成，系统会继续重试；请处理，或另外退还后办结。"
    return _money("refunds", "退款没有到账", note, **found)


def discrepancies(at):
    """Money that matches no order of ours, or no line of a bill."""
    rows = Discrepancy.objects.open()
    return discrepancies_of(
        **rows.aggregate(count=Count("pk"), oldest_at=Min("found_at"), fen=sum_of_discrepancies())
    )


def discrepancies_of(**found):
    """`discrepancies`, as `refunds_of`."""
    note = "请在支付平台的商户后台核对，写明怎样办结。"
    return _money("discrepancies", "对不上的款项", note, **found)


def _money(key, title, note, *, fen, **found):
    whole = f"共 {yuan(fen)} 元。" if fen else ""
    return Work(key, title, unit="笔", url=reverse(LIST), note=whole + note, **found)


def _bills(at):
    rows = DailyBill.objects.missing(at).order_by("day")
    first = rows.values_list("day", flat=True).first()
    return Work(
        "bills",
        "的账单没有取到",
        count=rows.count(),
        unit="天",
        oldest_at=start_of(first) if first else None,
        url=reverse("admin:bills_dailybill_changelist"),
        note="请看原因，或从商户后台下载后上传。",
    )


def _months(at):
    gateway = current_gateway_name()
    months = booking.over_and_open(gateway, at)
    return Work(
        "months",
        "没有结账",
        count=len(months),
        unit="个月",
        oldest_at=start_of(booking.following(months[0])) if months else None,
        url=reverse("admin:bills_closedmonth_open" if months else _CLOSED),
        note=f"先结 {months[0].year} 年 {months[0].month} 月。" if months else "",
    )


_CLOSED = "admin:bills_closedmonth_changelist"


def _this_month(at):
    """What came in and went back since the month began, each with the list of the same rows."""
    month = booking.month_of(at)
    for which, words in (("paid", "收款"), ("refunded", "退款")):
        rows = Payment.objects.filter(**{f"{which}_at__gte": start_of(month)})
        found = rows.aggregate(count=Count("pk"), fen=Sum("amount_fen", default=0))
        url = f"{reverse(PAYMENTS)}?which={which}&since={month.isoformat()}"
        yield {"words": words, "url": url, **found}


def collect(at):
    kinds = [refunds(at), discrepancies(at), _bills(at), _months(at)]
    return {
        "open": kinds[0].count + kinds[1].count,
        "kinds": kinds,
        "today": day_of(at),
        "this_month": list(_this_month(at)),
        "bills": lists.bills(most=SHOWN_BILLS),
        "months": ClosedMonth.objects.order_by("-month", "gateway")[:SHOWN_MONTHS],
    }


PARTS = (
    StartPart(
        roles.READ_MONEY,
        "款项",
        "收款、退款、日账单和月结。这里没有姓名，也没有申请内容。",
        "finance/start_part.html",
        collect,
    ),
)
