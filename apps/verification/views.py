from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.refusals import Refused
from apps.common.typed_again import keeps_no_files, posted_from
from apps.people import first
from apps.people.sign_in import client_ip
from apps.verification import code_check, registry
from apps.verification.models import Check
from apps.verification.refusals import UploadRefused


@login_required
@require_safe
def start(request, reference):
    """The choice between the ways. Once the check is passed, a redirect to its `next_url`."""
    at = timezone.now()
    check = _find(request, reference)
    if check.is_passed(at):
        return redirect(check.next_url)
    context = {"check": check, "is_open": check.is_pending(at), "offered": _offered(check)}
    return render(request, "verification/start.html", context)


def _offered(check):
    """The ways as the page shows them; the first one that can be used is the main one."""
    rows = [
        {"way": way, "about": way.about(check), "hindrance": way.hindrance(check=check)}
        for way in registry.every()
    ]
    main = next((row for row in rows if not row["hindrance"]), None)
    return [row | {"is_main": row is main} for row in rows]


@keeps_no_files  # a face is never stored
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def way(request, reference, slug):
    """One way: its form, and the result of a try."""
    at = timezone.now()
    check = _find(request, reference)
    chosen = registry.find(slug)
    if chosen is None:
        raise Http404
    if not check.is_pending(at) or chosen.hindrance(check=check):
        return redirect("verification:start", reference=reference)
    form = chosen.form(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            chosen.submit(check=check, form=form, by=request.user, ip=client_ip(request), at=at)
        except UploadRefused as refused:
            form.add_error("picture", refused.message)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, "身份核验已通过。")
            return redirect(check.next_url)
    context = {
        "check": check,
        "way": chosen,
        "form": form,
        "refusal": refusal,
        **chosen.context(check=check, by=request.user, at=at),
    }
    return render(request, chosen.template, context)


@login_required
@posted_from("verification:start")
def send_code(request, reference):
    """获取验证码."""
    check = _find(request, reference)
    try:
        code_check.send_code(check=check, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, first.whole(refusal, reader=request.user))
    else:
        messages.success(request, "验证码已发出，请查看手机短信。")
    return redirect("verification:way", reference=reference, slug="code")


def _find(request, reference):
    return get_object_or_404(Check.objects.visible_to(request.user), reference=reference)
