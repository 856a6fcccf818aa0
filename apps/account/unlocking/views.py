from http import HTTPStatus

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.account.unlocking import passkeys, services
from apps.account.unlocking.forms import PasskeyForm, UnlockForm
from apps.sign_in import known_devices
from apps.sign_in.backend import tries_key
from apps.unsent.typed_again import open_to_visitors

WRONG = "账户或验证码不对。没有验证器的，请等一会儿再登录，或自己重设密码。"
WRONG_PASSKEY = "账户或通行密钥不对，或者隔得太久了。请再试一次，或用验证器、恢复码。"
TOO_MANY = "试的次数太多了，请过一会儿再试。"


@open_to_visitors
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request):
    """The answer does not tell whether there is such an account, or whether it has a factor."""
    if request.method != "POST":
        return _page(request, UnlockForm())
    if "credential" in request.POST:
        return _answer_by_passkey(request)
    if request.POST.get("way") == "passkey":
        return _ask_for_passkey(request)
    form = UnlockForm(request.POST)
    if form.is_valid():
        login, code = form.cleaned_data["account"], form.cleaned_data["code"]
        if _may_try(request, form, login):
            account = services.prove(login=login, code=code)
            if account:
                return _unlocked(request, account)
            form.add_error(None, WRONG)
    return _page(request, form)


def _ask_for_passkey(request):
    """The page with the question for a passkey, which js/passkey.js puts to the browser."""
    form = UnlockForm(request.POST, for_passkey=True)
    if not form.is_valid():
        return _page(request, form)
    if not ratelimit.consume(request, action="login"):
        form.add_error(None, TOO_MANY)
        return _page(request, form)
    login = form.cleaned_data["account"]
    return _page(
        request,
        form,
        passkey_form=PasskeyForm(initial={"account": login}, auto_id="passkey_%s"),
        js_data={"request_options": passkeys.question(login)},
    )


def _answer_by_passkey(request):
    answer = PasskeyForm(request.POST)
    form = UnlockForm(request.POST, for_passkey=True)
    if not (answer.is_valid() and form.is_valid()):
        form.add_error(None, WRONG_PASSKEY)
    elif _may_try(request, form, answer.cleaned_data["account"]):
        account = services.prove_by_passkey(
            login=answer.cleaned_data["account"], credential=answer.cleaned_data["credential"]
        )
        if account:
            return _unlocked(request, account)
        form.add_error(None, WRONG_PASSKEY)
    return _page(request, form)


def _may_try(request, form, login):
    """By address too: a stranger who guesses here uses up their own tries, not the owner's."""
    key = f"{get_adapter(request).get_client_ip(request)}:{tries_key(login)}"
    if ratelimit.consume(request, action="unlock", key=key):
        return True
    form.add_error(None, TOO_MANY)
    return False


def _unlocked(request, account):
    messages.success(request, "可以继续登录了，请输入密码。")
    response = redirect(settings.LOGIN_URL)
    response.status_code = HTTPStatus.SEE_OTHER  # 302 to there says that a session has ended
    known_devices.remember(request, response, account)
    return response


def _page(request, form, **context):
    return render(request, "account/unlock.html", {"form": form, **context})
