"""The pages around sign-in, and the consents of the owner of an account."""

import re
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.account.forms import AppearanceForm, WelcomeForm
from apps.account.offers import to_withdraw
from apps.common import cookies
from apps.common.gone import Gone, WhatIsGone, get_or_gone
from apps.common.health import out_of_order
from apps.common.pages import own_address
from apps.common.visibility import shown
from apps.encryption import public_keys
from apps.invitations import services as invitations
from apps.people import appearance, consents, context, first, middleware, services, unsent_forms
from apps.people.enums import ConsentKind
from apps.people.models import Consent, ConsentText
from apps.people.refusals import ConsentRefused, WeakPassword
from apps.typed_text.plain_text import visible
from apps.unsent.typed_again import open_to_visitors, posted_from

LOOK_COOKIE_AGE = timedelta(days=365)


class SignInView(LoginView):
    """allauth's, whose page asks nothing about ways to sign in and up that the portal has not."""

    def get_context_data(self, **kwargs):
        return super(LoginView, self).get_context_data(**kwargs)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request, token):
    """The first sign-in of an invited person, with a link that can be used once."""
    at = timezone.now()
    try:
        invitation = invitations.find(token=token, at=at)
        posted = request.POST if request.method == "POST" else None
        form = WelcomeForm(posted)
        if form.is_valid():
            return _first_sign_in(request, invitation, form, at)
    except invitations.InvitationRefused as refusal:
        if refusal.code != "wrong":
            return render(request, "account/welcome_refused.html", {"refusal": refusal}, status=410)
        form.add_error("last_four", refusal.message)
    except WeakPassword as refusal:
        form.add_error("password1", refusal.message)
    return render(request, "account/welcome.html", {"form": form, "invitation": invitation})


def _first_sign_in(request, invitation, form, at):
    user = invitations.accept(
        invitation=invitation,
        last_four=form.cleaned_data["last_four"],
        password=form.cleaned_data["password1"],
        at=at,
    )
    login(request, user)
    number = shown(user.employee_number, "own_form.employee_number")
    messages.success(request, f"密码已设置，您已登录。以后用工号 {number} 或手机号登录。")
    return redirect(settings.LOGIN_REDIRECT_URL)


def admin_sign_in(request):
    """Redirect to the portal's sign-in page, because that of the admin has no lock-out."""
    if request.user.is_authenticated:
        raise PermissionDenied
    after = request.GET.get("next") or resolve_url("admin:index")
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': after})}")


def too_many_requests(request, exception=None):
    """The page for an IP address with too many requests; allauth shows it."""
    return render(request, "account/too_many_requests.html", status=429)


def page_expired(request, reason=""):
    """The CSRF check failed: the page is older than the last sign-in, or another site posted it.

    What was typed is kept where the page posted an earlier secret of this browser. It is shown to
    the account for which that page was made, nobody else.
    """
    page = middleware.form_page(request)
    if not middleware.is_complete(request):
        return not_understood(request)
    owner = middleware.owner_of_posted_page(request)
    browser = owner and middleware.keep_typed(request, page, owner=owner)
    context = {
        "page": page,
        "is_kept": bool(browser),
        "is_of_another": bool(owner) and request.user.is_authenticated and owner != request.user.pk,
    }
    response = render(request, "403_csrf.html", context, status=403)
    return middleware.remember_browser(response, browser)


def failed(request):
    """The page for an error of ours. Reads cookies only: what failed may be the database."""
    return out_of_order(request, look=context.Look(SimpleNamespace(COOKIES=request.COOKIES)))


def not_understood(request, exception=None):
    """The page for a request that did not arrive whole, is too large, or has no sense."""
    return render(request, "400.html", {"page": middleware.form_page(request)}, status=400)


def not_found(request, exception=None):
    """The page for an address that leads to nothing; of some it is known what they led to."""
    gone = exception.what if isinstance(exception, Gone) else None
    context = {"gone": gone, "typed": _written(request)}
    return render(request, "404.html", context, status=404)


def forbidden(request, exception=None):
    """The page for an address that is not for the user, or not any more."""
    return render(request, "403.html", {"typed": _written(request)}, status=403)


def _written(request):
    """[(label, text)] of what somebody wrote who may not send it any more, to be copied.

    A role can be withdrawn, and a child turn 16, while a form is open. There is no form here that
    knows its inputs, so it is whatever holds Chinese characters and no secret.
    """
    if request.method != "POST" or not middleware.is_complete(request):
        return []
    sent = request.POST.lists()
    texts = [text for name, found in sent if not unsent_forms.is_secret(name) for text in found]
    return [("您写的", visible(text)) for text in texts if _CHINESE.search(text)]


_CHINESE = re.compile("[\u4e00-\u9fff]")


@login_required
@require_safe
def agreements(request):
    """我的同意: the texts that the user agreed to, for whom and until when, the newest first."""
    given = Consent.objects.visible_to(request.user).select_related("holder").order_by("-pk")
    latest: dict = {}
    for consent in given:
        latest.setdefault((consent.holder_id, consent.kind), consent)
    rows = [
        {"consent": consent, "withdraw": to_withdraw(consent), "ends": consents.ENDS[consent.kind]}
        for consent in latest.values()
    ]
    return render(request, "account/agreements.html", {"rows": rows})


@login_required
@require_safe
def agreed(request, kind, version):
    """The words of one version of one text, as the user agreed to them."""
    given = Consent.objects.visible_to(request.user).filter(kind=kind, text_version=version)
    if not given.exists():
        raise Http404
    text = get_object_or_404(ConsentText, kind=kind, version=version)
    return render(request, "account/agreed.html", {"text": text, "kind": ConsentKind(kind)})


_CONSENT_OVER = WhatIsGone(
    "这份同意已经没有了",
    "它可能已经到期删除，不用再撤回。现在有效的同意都在「我的同意」里。",
    "看我的同意",
    "account:agreements",
)


@login_required
@posted_from("account:agreements")
def withdraw(request):
    """撤回同意. `consent` is the key of one of the user's own."""
    own = Consent.objects.visible_to(request.user).select_related("holder")
    consent = get_or_gone(
        own, _CONSENT_OVER, pk=public_keys.in_data(request.POST, "consent", Consent)
    )
    try:
        services.withdraw_consent(
            holder=consent.holder, kind=consent.kind, by=request.user, at=timezone.now()
        )
    except ConsentRefused as refusal:
        messages.info(request, first.whole(refusal, reader=request.user))
    else:
        messages.success(request, f"已撤回对《{consent.get_kind_display()}》的同意。")
    return redirect("account:agreements")


@require_safe
def mine(request):
    """我的: everything about the user and the account; for a visitor how the pages look."""
    return render(request, "account/mine.html")


@open_to_visitors
@require_http_methods(["GET", "HEAD", "POST"])
def look(request):
    """显示设置: the colours and 长辈版, kept with the account and in this browser.

    Then back to the page `next` where it was chosen.
    """
    form = AppearanceForm(request.POST or None)
    if not form.is_valid():
        back = own_address(request, request.GET.get("next", ""))
        return render(request, "account/look.html", {"form": form, "back": back})
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    if request.user.is_authenticated:
        appearance.choose_look(user=request.user, **chosen)
    else:
        appearance.keep_until_sign_in(request.session, chosen)
    response = redirect(own_address(request, request.POST.get("next", "")))
    for name, value in chosen.items():
        cookie = {"theme": context.THEME_COOKIE, "edition": context.EDITION_COOKIE}[name]
        cookies.keep(response, cookie, value, max_age=LOOK_COOKIE_AGE)
    return response
