from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
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
    newest = page.object_list[0].sent_at if page.object_list else None
    return render(
        request, "notices/list.html", {"page": page, "up_to": newest and newest.isoformat()}
    )


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
