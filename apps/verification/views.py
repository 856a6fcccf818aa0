from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.verification.models import Check
from apps.verification.panel import CheckPanel, asks_who_it_is


@asks_who_it_is
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request, reference):
    """A check on a page of its own. Once it is passed, a redirect to its `next_url`."""
    at = timezone.now()
    check = get_object_or_404(Check.objects.visible_to(request.user), reference=reference)
    if check.is_passed(at):
        return redirect(check.next_url)
    if not check.is_pending(at):
        return render(request, "verification/over.html", {"check": check})
    panel = CheckPanel.of(request, check, at=at)
    if request.method == "POST" and not panel.is_sending and panel.prove():
        messages.success(request, "身份核验已通过。")
        return redirect(check.next_url)
    return panel.page("verification/start.html", {"check": check})
