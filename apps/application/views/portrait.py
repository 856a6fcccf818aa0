import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from apps.application import offered, pages, portraits
from apps.application.forms import CropForm, PortraitUploadForm
from apps.application.policies import check_portrait_open
from apps.application.views.access import acting, find, next_page
from apps.application.views.progress import progress_of
from apps.common.pages import wants_fragment
from apps.common.refusals import Refused
from apps.common.served_files import picture_response
from apps.common.stored_files import NotStored
from apps.limits.refusals import TooManyUploads
from apps.people import first
from apps.unsent.shown import FIELD, NotAsShown
from apps.unsent.typed_again import posted_from
from apps.verification import portrait
from apps.verification.refusals import PortraitRefused, UploadRefused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def upload(request, card_request, *, at):
    """The portrait assistant: choose a picture, then adjust the proposed crop and use it."""
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
        except (UploadRefused, NotStored, TooManyUploads) as refusal:
            form.add_error("picture", ValidationError(refusal.message, code=refusal.code))
        except Refused as refusal:
            messages.error(request, first.whole(refusal, reader=request.user))
            return redirect(next_page(request, card_request, at=at))
        else:
            if wants_fragment(request):
                return _fragment(request, card_request, shows_crop=True, at=at)
            return redirect("application:portrait", reference=card_request.reference)
    return _page(request, card_request, form, at=at)


@login_required
@posted_from("application:portrait")
@acting
def use_offered(request, card_request, *, at):
    """用单位给您拍的照片: as uploaded and used with the proposed crop."""
    try:
        portraits.take_offered(
            card_request=card_request,
            shown=request.POST.get(FIELD, ""),
            by=request.user,
            at=at,
        )
    except (NotAsShown, PortraitRefused, UploadRefused, NotStored, TooManyUploads) as refusal:
        card_request = find(request, card_request.reference, at=at)
        return _page(request, card_request, PortraitUploadForm(), at=at, refusal=refusal)
    except Refused as refusal:
        messages.error(request, first.whole(refusal, reader=request.user))
        return redirect(next_page(request, card_request, at=at))
    return _used(request, card_request, at=at)


@login_required
@posted_from("application:portrait")
@acting
def decline_offered(request, card_request, *, at):
    """The picture that the unit offers is of somebody else, or not wanted: it is deleted."""
    try:
        portraits.decline_offered(
            card_request=card_request,
            shown=request.POST.get(FIELD, ""),
            by=request.user,
            at=at,
        )
    except (NotAsShown, PortraitRefused) as refusal:
        return _page(request, card_request, PortraitUploadForm(), at=at, refusal=refusal)
    except Refused as refusal:
        messages.error(request, first.whole(refusal, reader=request.user))
    else:
        messages.success(request, "单位拍的这张照片已删除，请选择一张自己的照片上传。")
    return redirect("application:portrait", reference=card_request.reference)


@login_required
@posted_from("application:portrait")
@acting
def crop(request, card_request, *, at):
    """使用这张照片: the crop as it was proposed or moved."""
    form = CropForm(request.POST)
    if not form.is_valid():
        return _page(request, card_request, PortraitUploadForm(), at=at, crop_form=form)
    try:
        portraits.use(
            card_request=card_request,
            **form.cleaned_data,
            shown=request.POST.get(FIELD, ""),
            by=request.user,
            at=at,
        )
    except NotAsShown as refusal:
        card_request = find(request, card_request.reference, at=at)
        return _page(request, card_request, PortraitUploadForm(), at=at, refusal=refusal)
    except (PortraitRefused, NotStored) as refusal:
        return _page(request, card_request, PortraitUploadForm(), at=at, refusal=refusal)
    except Refused as refusal:
        messages.error(request, first.whole(refusal, reader=request.user))
        return redirect(next_page(request, card_request, at=at))
    return _used(request, card_request, at=at)


def _used(request, card_request, *, at):
    if wants_fragment(request):
        return _fragment(request, card_request, at=at)
    messages.success(request, "照片已选用。")
    return redirect(next_page(request, card_request, at=at) + "#portrait")


def _fragment(request, card_request, *, at, **options):
    """The portrait as it stands in the page of the form, for static/js/portrait.js."""
    card_request = find(request, card_request.reference, at=at)
    context = {
        "card_request": card_request,
        "particulars": card_request.particulars,
        "picture": picture_of(card_request, **options),
        "progress": progress_of(card_request, at=at),
        "is_fragment": True,
    }
    return render(request, "application/_portrait_card.html", context)


def _page(request, card_request, form, *, at, crop_form=None, refusal=None):
    if wants_fragment(request):
        options = {"form": form, "crop_form": crop_form, "refusal": refusal}
        return _fragment(request, card_request, at=at, shows_crop=refusal is not None, **options)
    particulars = card_request.particulars
    context = {
        "card_request": card_request,
        "particulars": particulars,
        "form": form,
        "refusal": refusal,
        "findings": getattr(refusal, "findings", []),
        "back_url": next_page(request, card_request, at=at),
        "proportions": f"{portrait.WIDTH}:{portrait.HEIGHT}",
        "offer": offered.shown(card_request),
    }
    if particulars.portrait_source:
        try:
            context["source_size"] = portraits.open_source(particulars).size
        except PortraitRefused as gone:
            context["refusal"] = refusal or gone
        else:
            context["shown"] = _carried(request, particulars, refusal)
            context["crop_form"] = crop_form or CropForm(initial=particulars.portrait_crop)
    return render(request, "application/portrait.html", context)


def picture_of(card_request, *, form=None, crop_form=None, refusal=None, shows_crop=False):
    """What `application/_portrait_card.html` shows.

    The crop is shown while no portrait is in use, and when one has just been uploaded.
    """
    particulars = card_request.particulars
    upload_form = form or PortraitUploadForm()
    is_begun = bool(particulars.portrait_source)
    has_other = bool(particulars.portrait)
    if is_begun or has_other:
        upload_form.fields["picture"].label = "换一张照片"
    shown_crop = None
    if is_begun and (shows_crop or not has_other) and not upload_form.errors:
        shown_crop = crop_form or CropForm(initial=particulars.portrait_crop)
    return {
        "form": upload_form,
        "crop_form": shown_crop,
        "shown": pages.picture_token(particulars) if shown_crop else "",
        "proportions": f"{portrait.WIDTH}:{portrait.HEIGHT}",
        "refusal": refusal,
        "findings": getattr(refusal, "findings", []),
        "offer": offered.shown(card_request),
    }


def _carried(request, particulars, refusal):
    """What the crop on the page was made for; while its numbers are wrong it stays what it was."""
    posted = request.POST.get(FIELD)
    if posted and refusal is None:
        return posted
    return pages.picture_token(particulars)


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def image(request, reference, which):
    """The portrait in use, the uploaded picture, what the kept crop would give, or the unit's."""
    card_request = find(request, reference, at=timezone.now())
    particulars = card_request.particulars
    if which == "preview":
        return _preview(particulars)
    if which == "offered":
        offer = offered.to_take(card_request)
        file = offer and offer.picture
    else:
        file = {"final": particulars.portrait, "source": particulars.portrait_source}.get(which)
    return picture_response(file)


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
