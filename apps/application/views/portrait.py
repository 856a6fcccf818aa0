import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from apps.application import portraits
from apps.application.forms import CropForm, PortraitUploadForm
from apps.application.policies import check_portrait_open
from apps.application.views.access import acting, find, next_page
from apps.common.refusals import Refused
from apps.common.stored_files import NotStored
from apps.common.typed_again import posted_from
from apps.people import first
from apps.verification import portrait
from apps.verification.refusals import PortraitRefused, UploadRefused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def upload(request, reference, *, at):
    """The portrait assistant: choose a picture, then adjust the proposed crop and use it."""
    card_request = find(request, reference, at=at)
    try:
        check_portrait_open(card_request=card_request)
    except Refused as refusal:
        messages.error(request, first.whole(refusal, reader=request.user))
        return redirect(next_page(request, card_request, at=at))
    if request.method != "POST":
        return _page(request, card_request, PortraitUploadForm(), at=at)
    form = PortraitUploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            portraits.keep_upload(
                card_request=card_request,
                upload=form.cleaned_data["picture"],
                by=request.user,
                at=at,
            )
        except (UploadRefused, NotStored) as refusal:
            form.add_error("picture", ValidationError(refusal.message, code=refusal.code))
        except Refused as refusal:
            messages.error(request, first.whole(refusal, reader=request.user))
            return redirect(next_page(request, card_request, at=at))
        else:
            return redirect("application:portrait", reference=reference)
    return _page(request, card_request, form, at=at)


@login_required
@posted_from("application:portrait")
@acting
def crop(request, reference, *, at):
    """使用这张照片: the crop as it was proposed or moved."""
    card_request = find(request, reference, at=at)
    form = CropForm(request.POST)
    if not form.is_valid():
        return _page(request, card_request, PortraitUploadForm(), at=at, crop_form=form)
    try:
        portraits.use(
            card_request=card_request,
            **form.cleaned_data,
            by=request.user,
            at=at,
        )
    except (PortraitRefused, NotStored) as refusal:
        return _page(request, card_request, PortraitUploadForm(), at=at, refusal=refusal)
    except Refused as refusal:
        messages.error(request, first.whole(refusal, reader=request.user))
        return redirect(next_page(request, card_request, at=at))
    messages.success(request, "照片已选用。")
    return redirect(next_page(request, card_request, at=at) + "#portrait")


def _page(request, card_request, form, *, at, crop_form=None, refusal=None):
    particulars = card_request.particulars
    context = {
        "card_request": card_request,
        "particulars": particulars,
        "form": form,
        "refusal": refusal,
        "findings": getattr(refusal, "findings", []),
        "back_url": next_page(request, card_request, at=at),
        "proportions": f"{portrait.WIDTH}:{portrait.HEIGHT}",
    }
    if particulars.portrait_source:
        try:
            context["source_size"] = portraits.open_source(particulars).size
        except PortraitRefused as gone:
            context["refusal"] = refusal or gone
        else:
            context["crop_form"] = crop_form or CropForm(initial=particulars.portrait_crop)
    return render(request, "application/portrait.html", context)


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def image(request, reference, which):
    """The portrait in use, the uploaded picture, or what the kept crop would give."""
    particulars = find(request, reference, at=timezone.now()).particulars
    if which == "preview":
        return _preview(particulars)
    file = {"final": particulars.portrait, "source": particulars.portrait_source}.get(which)
    if not file or not file.storage.exists(file.name):
        raise Http404
    return FileResponse(file.open("rb"), content_type="image/jpeg")


def _preview(particulars):
    try:
        source = portraits.open_source(particulars)
    except PortraitRefused as gone:
        raise Http404 from gone
    picture = source.resize(
        (portrait.WIDTH, portrait.HEIGHT), box=portraits.kept_crop(particulars).box
    )
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=80)
    return HttpResponse(target.getvalue(), content_type="image/jpeg")
