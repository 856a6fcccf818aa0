"""登录的设备: where the account is signed in now."""

from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.account.own_sessions import history, idle, services
from apps.common.refusals import Refused
from apps.encryption import public_keys
from apps.sign_in import devices, networks
from apps.unsent.typed_again import posted_from
from apps.verification import recent

EVENTS_A_PAGE = 30


@login_required
@require_safe
def sessions(request):
    found = UserSession.objects.purge_and_list(request.user)
    found.sort(key=lambda session: session.created_at, reverse=True)
    rows = [
        {
            "session": session,
            "device": devices.in_words(session.user_agent),
            "network": networks.in_words(session.ip),
            "is_current": session.session_key == request.session.session_key,
        }
        for session in found
    ]
    has_others = any(not row["is_current"] for row in rows)
    return render(request, "account/sessions.html", {"rows": rows, "has_others": has_others})


@login_required
@require_safe
def still_here(request):
    """Somebody is here, as static/js/session_end.js says; the page was left open."""
    return idle.answer(request, idle.PORTAL, at=timezone.now())


@login_required
@require_safe
def sign_ins(request):
    """登录记录: sign-ins, failures, lock-outs and changes of the own account, the newest first."""
    page = Paginator(history.events_of(request.user), EVENTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [history.row(event, user=request.user) for event in page]
    return render(request, "account/sign_ins.html", {"rows": rows, "page": page})


@login_required
@posted_from("account:sessions")
def end(request):
    """Sign out elsewhere: in the session whose key is `session`, or, without it, in all others.

    Whoever sits down at a device that somebody left open cannot lock its owner out elsewhere.
    """
    at = timezone.now()
    if not recent.has_proven(request, at=at):
        messages.info(request, "请先再确认一次是您本人，再点退出。")
        after = urlencode({"next": resolve_url("account:sessions")})
        return redirect(f"{resolve_url('account_reauthenticate')}?{after}")
    others = UserSession.objects.filter(user=request.user).exclude(
        session_key=request.session.session_key
    )
    if request.POST.get("session"):
        others = others.filter(pk=public_keys.in_data(request.POST, "session", UserSession))
    try:
        count = services.end(sessions=others, by=request.user, at=at)
    except Refused as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, f"已在 {count} 处退出登录。")
    return redirect("account:sessions")
