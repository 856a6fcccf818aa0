from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.notices import preferences, services
from apps.notices.forms import WayForm
from apps.notices.models import OutboxMessage

SHOWN_IN_OUTBOX = 50
OUTBOX_SENDERS = "apps.notices.senders.outbox."


@require_safe
@never_cache
def outbox(request):
    """The local outbox. Only in a demonstration, because it contains sign-in codes."""
    if not settings.DEMO or not settings.SMS_SENDER.startswith(OUTBOX_SENDERS):
        raise Http404
    kept = OutboxMessage.objects.order_by("-pk")[:SHOWN_IN_OUTBOX]
    return render(request, "notices/outbox.html", {"kept": kept})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def way(request):
    """By which way the owner of the account is told, besides the page of messages."""
    wants = request.user.pk not in preferences.without_reminders([request.user.pk])
    initial = {"way": preferences.way_of(request.user), "wants_reminders": wants}
    form = WayForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.choose_way(user=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "消息接收方式已保存。")
        return redirect("notices:way")
    return render(request, "notices/way.html", {"form": form})
