from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

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
