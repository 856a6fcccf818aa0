from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.common import moments
from apps.notices import services
from apps.notices.models import Notice, OutboxMessage

PER_PAGE = 20
SHOWN_IN_OUTBOX = 50
OUTBOX_SENDERS = "apps.notices.senders.outbox."


@login_required
@require_safe
def index(request):
    """消息: what the portal told the user, the newest first."""
    notices = (
        Notice.objects.visible_to(request.user).select_related("event").order_by("-sent_at", "-pk")
    )
    page = Paginator(notices, PER_PAGE).get_page(request.GET.get("page"))
    for notice in page:
        notice.url, notice.url_words = _link(notice.event)
    newest = page.object_list[0].sent_at if page.object_list else None
    return render(
        request, "notices/list.html", {"page": page, "up_to": newest and newest.isoformat()}
    )


# The page behind what an event is about: its name, and what the link says.
_PAGES = {
    "request": ("progress:detail", "查看这件申请"),
    "card": ("loss_report:detail", "查看这张社保卡"),
    "payment": ("payments:detail", "查看支付订单"),
}
_LISTS = {
    "guardianship": ("children:list", "查看我的子女"),
}


def _link(event):
    if "card" in event.facts:
        return reverse("loss_report:detail", args=[event.facts["card"]]), "查看这张社保卡"
    if event.subject_kind in _PAGES:
        name, words = _PAGES[event.subject_kind]
        return reverse(name, args=[event.reference]), words
    name, words = _LISTS.get(event.subject_kind, ("", ""))
    return (reverse(name), words) if name else ("", "")


@login_required
@require_POST
def read(request):
    up_to = moments.parse(request.POST.get("up_to", ""))
    if up_to is None:
        messages.error(request, "页面已过期，请再点一次「全部标为已读」。")
    else:
        services.mark_read(by=request.user, up_to=up_to, at=timezone.now())
    return redirect("notices:list")


@require_safe
@never_cache
def outbox(request):
    """What the local senders kept. Only in a demonstration: there are sign-in codes among it."""
    senders = (settings.SMS_SENDER, settings.EMAIL_SENDER)
    if not settings.DEMO or not any(name.startswith(OUTBOX_SENDERS) for name in senders):
        raise Http404
    kept = OutboxMessage.objects.order_by("-pk")[:SHOWN_IN_OUTBOX]
    return render(request, "notices/outbox.html", {"kept": kept})
