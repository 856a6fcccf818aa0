"""The steps of 社会保障卡申领, of which every story consists."""

import re
from functools import cache

from apps.bureau.tasks import advance_production
from apps.cards.models import CardRequest
from apps.cashier.tasks import deliver_notices
from apps.common.templatetags.formats import moment
from apps.demo.portraits import face
from apps.notices.models import OutboxMessage
from apps.notices.tasks import send_notices
from apps.payments import tasks as payments
from apps.requests.tasks import accept_paid_requests
from tests.verification.samples import PERSON, encoded, selfie, upload

FORM = {
    "ethnicity": "01",
    "id_valid_from": "2020-01-01",
    "id_valid_until": "2040-01-01",
    "phone": "13912345678",
    "address": "山东省济南市历下区文化东路 88 号",
    "occupation": "2000000",
}
CONSENTS = {"service": True, "privacy": True, "sensitive": True, "third_party": True}
MAIL = {"recipient": "张超", "phone": "13912345678", "address": "文化东路88号3号楼"}


def agree(me):
    """From the home page through the guide to the precheck, where nothing is proposed."""
    me.open("/").follow("申领").press("开始办理")
    me.fill(**CONSENTS).press("同意并开始办理")
    return me.at("application:precheck")


def precheck(me, *, city="370100", bank="95533"):
    """申领资格预校验; the page that answers."""
    me.narrow(city=city)
    return me.fill(bank=bank).press("下一步：填写资料")


def code_on_phone():
    return re.search(r"\d{6}", OutboxMessage.objects.latest("pk").text)[0]


HAND_IN = "我已确认以上信息，并提交"


def prove_by_code(me, *, confirm=HAND_IN):
    """Who has just signed in is not asked for the password."""
    if me.has_htmx:
        me.wait().see("验证码已发到")
    else:
        me.press("获取验证码")
    return me.see("不用再输").fill(code=code_on_phone()).press(confirm)


def prove_by_face(me, *, confirm=HAND_IN):
    me.follow("刷脸")
    return me.fill(picture=upload(selfie(PERSON)), consent=True).press(confirm)


@cache
def photo():
    """What the applicant has on the telephone, as JPEG."""
    return encoded(face(PERSON, size=(900, 1120)), quality=92)


def put_portrait(me):
    """Upload, accept the proposed crop moved by two pixels, and back to the form."""
    me.follow("上传照片").fill(picture=upload(photo(), name="me.jpg")).press("上传")
    proposal = me.data(me.form("crop"))
    me.fill(x=str(int(float(proposal["x"])) + 2)).press("使用这张照片")
    return me.see("照片已选用。")


def reach_form(me, holder):
    """From signing in up to the form."""
    me.open("/accounts/login/").sign_in(holder.user)
    precheck(agree(me))
    return me.at("application:form", card_request_of(holder).reference)


def submit(me, holder, *, prove=prove_by_code):
    """Until 申领提交成功."""
    put_portrait(reach_form(me, holder))
    me.fill(**FORM).press("下一步：核对信息")
    return prove(me).see("申领提交成功")


def ship(me, *, city="370100", county="370102"):
    """领卡和缴费, filled in up to the button that names the amount."""
    me.fill(method="MAIL", **MAIL)
    me.narrow(province="370000").narrow(city=city)
    return me.fill(county=county)


def pay(me, *, outcome="支付成功", **options):
    """From 领卡和缴费 over the cashier to the result page; the money is not yet reported."""
    amount = re.search(r"合计 (\d+\.\d\d) 元", me.text)[1]
    me.press(f"支付 {amount} 元").see("模拟收银台", f"¥ {amount}")
    return me.fill(**options).press(outcome)


def money_is_reported():
    """Deliver the cashier's notifications to the portal."""
    deliver_notices()


def the_worker_runs():
    """One round of all periodic work that concerns a request."""
    money_is_reported()
    accept_paid_requests()
    payments.reconcile()
    payments.send_refunds()
    advance_production()
    send_notices()


def card_request_of(holder):
    return CardRequest.objects.filter(holder=holder).latest("pk")


def actions(card_request):
    """What happened to the request, in order."""
    events = card_request.events
    return list(events.values_list("action", flat=True))


def moments(card_request):
    """When each of them happened, as the timeline shows it: to the second, in Beijing time."""
    events = card_request.events.exclude(action="SAVE")
    return [moment(e.at) for e in events.order_by("pk")]
