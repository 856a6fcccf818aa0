"""The two pages of a reset. What was asked for is kept in the session of the visitor."""

from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.account.password_reset import services
from apps.account.password_reset.forms import ForgottenForm, LinkForm, NewPasswordForm
from apps.common.refusals import Refused
from apps.sign_in.backend import tries_key
from apps.unsent.typed_again import open_to_visitors
from apps.verification.models import Check
from apps.verification.refusals import CheckRefused

# In the session: the reference of the check, "" where the account was not found.
_CHECK = "password_reset"
# In the session: the reference of the check that its visitor has passed with the code.
_PROVEN = "password_reset_proven"
# Whatever is wrong with the code: a difference would tell that the account exists.
WRONG = "验证码不正确，或已经失效。请核对短信；没有收到的，请重新获取。"
TOO_MANY = "试的次数太多了，请过一小时再试，或带身份证到人事处重设。"


@open_to_visitors
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """Who one is. The answer does not tell whether there is such an account."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        if not ratelimit.consume(request, action="reset_password", key=tries_key(given["account"])):
            form.add_error(None, TOO_MANY)
        else:
            check = services.begin(**given, at=timezone.now())
            request.session[_CHECK] = check.reference if check else ""
            return redirect("account_reset_enter")
    return render(request, "account/reset/ask.html", {"form": form})


@open_to_visitors
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request):
    """The code and the new password."""
    if _CHECK not in request.session:
        return redirect("account_reset_ask")
    check = Check.objects.filter(reference=request.session[_CHECK]).select_related("by").first()
    posted = request.POST if request.method == "POST" else None
    form = NewPasswordForm(posted)
    if form.is_valid():
        try:
            _reset(request, check, form.cleaned_data, at=timezone.now())
        except CheckRefused:
            form.add_error("code", WRONG)
        except ValidationError as error:
            form.add_error("password1", error)
        else:
            del request.session[_CHECK], request.session[_PROVEN]
            return redirect("account_reset_done")
    return render(request, "account/reset/enter.html", {"form": form})


@open_to_visitors
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def link(request, key, token):
    """The page of a link that an administrator has sent to the owner's phone."""
    try:
        account = services.owner_of_link(key=key, token=token)
    except Refused as refusal:
        return _link_refused(request, refusal)
    form = LinkForm(request.POST if request.method == "POST" else None, user=account)
    if form.is_valid():
        given = form.cleaned_data
        try:
            if not ratelimit.consume(request, action="reset_password", key=key):
                raise Refused(TOO_MANY, code="too_many")
            services.reset_by_link(
                account=account,
                token=token,
                last_six=given.get("last_six", ""),
                password=given["password1"],
            )
        except Refused as refusal:
            if refusal.code == "used":
                return _link_refused(request, refusal)
            form.add_error("last_six" if refusal.code == "wrong" else None, refusal.message)
        except ValidationError as error:
            form.add_error("password1", error)
        else:
            return redirect("account_reset_done")
    return render(request, "account/reset/link.html", {"form": form})


@require_safe
def done(request):
    return render(request, "account/reset/done.html")


def _link_refused(request, refusal):
    return render(request, "account/reset/link_refused.html", {"refusal": refusal}, status=410)


def _reset(request, check, given, *, at):
    if check is None:
        raise CheckRefused(WRONG, code="unknown")
    if request.session.get(_PROVEN) != check.reference:
        services.prove(check=check, code=given["code"], at=at)
        request.session[_PROVEN] = check.reference
    services.reset(check=check, password=given["password1"], at=at)
