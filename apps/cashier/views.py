import json
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from apps.cashier import bills, trades
from apps.cashier.enums import AfterPayment
from apps.cashier.forms import ABANDON, CashierForm, PaidForm
from apps.cashier.models import SandboxTrade, path_of
from apps.cashier.tasks import deliver_notices
from apps.common.nudges import nudge
from apps.gateways import rsa2

PAGES = {"alipay.trade.page.pay", "alipay.trade.wap.pay"}
CALLS = {
    "alipay.trade.query",
    "alipay.trade.close",
    "alipay.trade.refund",
    "alipay.trade.fastpay.refund.query",
    "alipay.data.bill.sell.query",
    bills.METHOD,
}


def only_where_open(view):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not trades.is_open():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@csrf_exempt
@only_where_open
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def gateway(request):
    """The URL of the gateway: browsers bring signed orders, the portal sends signed calls."""
    fields = (request.POST if request.method == "POST" else request.GET).dict()
    method = fields.get("method", "")
    content = _content(fields)
    at = timezone.now()
    if method in CALLS:
        return _answer(method, content, fields, at=at)
    if method not in PAGES or content is None or not trades.is_signed(fields):
        return _refuse(request, "订单签名不正确，可能被改动过。请返回商户重新下单。")
    try:
        trade = trades.open_trade(
            content,
            notify_url=fields.get("notify_url", ""),
            return_url=fields.get("return_url", ""),
            at=at,
        )
    except trades.BadOrder as error:
        return _refuse(request, str(error))
    return redirect("cashier:trade", token=trade.token)


def _content(fields):
    try:
        content = json.loads(fields.get("biz_content", ""))
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _answer(method, content, fields, *, at):
    if content is None or not trades.is_signed(fields):
        result = {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature"}
    else:
        answer = bills.answer if method == bills.METHOD else trades.answer
        result = answer(method, content, at=at)
    text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
    sign = rsa2.sign(text, settings.SANDBOX_CASHIER_KEY)
    name = f"{method.replace('.', '_')}_response"
    return HttpResponse(f'{{"{name}":{text},"sign":"{sign}"}}', content_type="application/json")


def _refuse(request, message):
    return render(request, "cashier/refused.html", {"message": message}, status=400)


@only_where_open
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def trade(request, token):
    """The cashier page. Anyone with the link can pay. The page shows no personal data."""
    at = timezone.now()
    order = get_object_or_404(SandboxTrade, token=token)
    if "what" in request.POST and trades.is_paid(order):
        return _after_payment(request, order, at=at)
    form = CashierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        choice = form.cleaned_data
        has_quit = choice["outcome"] == ABANDON and order.quit_url
        if choice["outcome"] != ABANDON:
            copies = 3 if choice["is_repeated"] else 1
            trades.settle(
                order,
                choice["outcome"],
                delay_seconds=choice["delay_seconds"],
                copies=copies,
                refuses_refund=choice["refuses_refund"],
                at=at,
            )
            nudge(deliver_notices)
        # A path without a host, so that the browser stays on the host name that it used.
        back = order.quit_url if has_quit else order.return_url
        return redirect(path_of(back))
    is_payable = trades.is_payable(order, at=at)
    context = {
        "trade": order,
        "form": form,
        "is_payable": is_payable,
        "afterwards": AfterPayment if trades.is_paid(order) else (),
        "return_url": path_of(order.return_url),
    }
    return render(request, "cashier/trade.html", context)


def _after_payment(request, order, *, at):
    """What the platform does by itself about a paid trade, to see what the portal makes of it."""
    form = PaidForm(request.POST)
    if form.is_valid():
        trades.go_on(order, form.cleaned_data["what"], at=at)
        nudge(deliver_notices)
    return redirect("cashier:trade", token=order.token)


@only_where_open
@never_cache
@require_safe
def bill(request, signed_day):
    """The bill of a day as a zip, for whoever has the address, which soon expires."""
    content = bills.download(signed_day)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="application/zip")
