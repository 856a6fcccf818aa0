from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.common.refusals import Refused
from apps.people.enums import ConsentKind
from apps.people.services import record_consent
from apps.people.sign_in import client_ip
from apps.verification import services
from apps.verification.forms import CodeForm, FaceForm
from apps.verification.models import Check
from apps.verification.pictures import open_upload


@login_required
@require_safe
def start(request, reference):
    """The choice between the two ways; on to where the check leads once it is passed."""
    at = timezone.now()
    check = _find(request, reference)
    if check.is_passed(at):
        return redirect(check.next_url)
    context = {
        "check": check,
        "is_open": check.is_pending(at),
        "face_hindrance": services.face_hindrance(check=check),
    }
    return render(request, "verification/start.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def face(request, reference):
    """人脸核验: one picture from the camera or a file, compared in memory and forgotten."""
    at = timezone.now()
    check = _find(request, reference)
    if not check.is_pending(at) or services.face_hindrance(check=check):
        return redirect("verification:start", reference=reference)
    form = FaceForm(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            record_consent(
                user=request.user,
                holder=request.user.holder,
                kinds=[ConsentKind.FACE],
                ip=client_ip(request),
                at=at,
            )
            picture = open_upload(form.cleaned_data["picture"])
            services.submit_face(check=check, picture=picture, by=request.user, at=at)
        except Refused as refused:
            refusal = refused
        else:
            return _passed(request, check)
    context = {
        "check": check,
        "form": form,
        "refusal": refusal,
        "tries_left": services.face_tries_left(by=request.user, at=at),
    }
    return render(request, "verification/face.html", context)


@login_required
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request, reference):
    """短信验证码和登录密码."""
    at = timezone.now()
    check = _find(request, reference)
    if not check.is_pending(at):
        return redirect("verification:start", reference=reference)
    form = CodeForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            services.submit_code(check=check, **form.cleaned_data, by=request.user, at=at)
        except Refused as refused:
            refusal = refused
        else:
            return _passed(request, check)
    context = {
        "check": check,
        "form": form,
        "refusal": refusal,
        "phone": request.user.holder.phone,
        "sent": check.codes.order_by("-pk").first(),
        "wait": services.seconds_until_next_code(by=request.user, at=at),
    }
    return render(request, "verification/code.html", context)


@login_required
@require_POST
def send_code(request, reference):
    """获取验证码."""
    check = _find(request, reference)
    try:
        services.send_code(check=check, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "验证码已发出，请查看手机短信。")
    return redirect("verification:code", reference=reference)


def _find(request, reference):
    return get_object_or_404(Check.objects.visible_to(request.user), reference=reference)


def _passed(request, check):
    messages.success(request, "身份核验已通过。")
    return redirect(check.next_url)
