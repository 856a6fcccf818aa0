"""人脸核验: a picture is compared in memory with the one on file, and never stored."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from PIL import Image, ImageOps

from apps.requests.models import Particulars, PictureTrace
from apps.requests.picture_marks import MOST_TRACES
from apps.requests.same_picture import is_copy_of_any, trace_of
from apps.staff_photos.models import OfferedPortrait
from apps.verification import providers
from apps.verification.enums import CheckMethod, CheckOutcome, Likeness
from apps.verification.faces import DETECTION_EDGE, Comparison
from apps.verification.models import FaceTry
from apps.verification.policies import check_open, leaves_doubt_to_a_reviewer, takes_a_face
from apps.verification.refusals import CheckRefused
from apps.verification.services import decide

HOUR = timedelta(hours=1)
# The portraits of how many requests are compared with the picture, the latest first.
REQUESTS_LOOKED_AT = 6

_FACE_PASSED = {Likeness.SIMILAR: CheckOutcome.PASSED, Likeness.UNCERTAIN: CheckOutcome.UNCERTAIN}
_FACE_REFUSED = {
    Likeness.UNCERTAIN: "这次比对不能确定是您本人。请在明亮处正对镜头再拍一次，或改用短信验证码。",
    Likeness.DIFFERENT: "照片与留存照片不够相似。请摘下口罩和帽子，在明亮处正对镜头再拍一次，"
    "或改用短信验证码。",
    Likeness.NO_FACE: "照片里没有找到人脸。请让脸部占画面的三分之一以上，正对镜头再拍一次。",
    Likeness.MANY_FACES: "照片里不止一张人脸。请只留您一个人在画面里，再拍一次。",
    Likeness.SAME_PICTURE: "这就是留存的照片，不是现在拍的。请打开摄像头，现在拍一张，"
    "或改用短信验证码。",
    Likeness.NO_REFERENCE: "留存的照片里找不到可比对的人脸，请改用短信验证码核验，"
    "并请人事处更换您的照片。",
}


def face_hindrance(*, check, at):
    """Why the face can't be used in `check`, as a sentence; None when it can."""
    provider = providers.get()
    if not takes_a_face(check):
        return "办这件事不能只凭一张照片，请使用短信验证码。"
    if not provider.is_available():
        return "这里没有安装人脸比对功能，人脸核验不可用，请使用短信验证码。"
    if provider.needs_reference and _reference_file(check.by.holder) is None:
        return "没有可供比对的留存照片，人脸核验不可用，请使用短信验证码。"
    return None


def face_tries_left(*, by, at):
    """How many comparisons `by` may still ask for within the hour."""
    used = FaceTry.objects.of(by, since=at - HOUR).count()
    return max(0, settings.FACE_TRIES_PER_HOUR - used)


def submit_face(*, check, picture, by, at, provider=None):
    """Compare `picture` (an RGB image, never stored) with the one on file, and decide.

    `provider` is the adapter that is asked, that of the settings if None. Similar passes. Uncertain
    passes as well where a reviewer will see the score. Raises `CheckRefused` (different, uncertain,
    no_face, many_faces, no_reference, same_picture, too_many_tries, not_available, not_open). A
    picture that the portal holds or held never passes.
    """
    check_open(check=check, by=by, at=at)
    hindrance = face_hindrance(check=check, at=at)
    if hindrance:
        raise CheckRefused(hindrance, code="not_available")
    # The try is recorded before the work begins, so that parallel tries cannot pass the limit.
    face_try = FaceTry.objects.create(of_check=check, at=at)
    if FaceTry.objects.of(by, since=at - HOUR).count() > settings.FACE_TRIES_PER_HOUR:
        face_try.delete()
        raise CheckRefused(
            f"人脸核验每小时最多 {settings.FACE_TRIES_PER_HOUR} 次，请改用短信验证码，或稍后再试。",
            code="too_many_tries",
        )
    provider = provider or providers.get()
    file = _reference_file(by.holder) if provider.needs_reference else None
    reference = _reference(file) if file else None
    held = _held(by.holder, but=file)
    images = [reference, *held] if reference else held
    if is_copy_of_any(picture, [*map(trace_of, images), *_traces(by.holder)]):
        comparison = Comparison(Likeness.SAME_PICTURE)
    else:
        comparison = provider.compare(
            holder=by.holder, picture=picture, reference=reference, held=held
        )
    FaceTry.objects.filter(pk=face_try.pk).update(
        likeness=comparison.outcome, score=comparison.distance
    )
    outcome = _FACE_PASSED.get(comparison.outcome, CheckOutcome.REFUSED)
    if outcome == CheckOutcome.UNCERTAIN and not leaves_doubt_to_a_reviewer(check):
        outcome = CheckOutcome.REFUSED
    decide(check=check, outcome=outcome, method=CheckMethod.FACE, score=comparison.distance, at=at)
    if outcome == CheckOutcome.REFUSED:
        raise CheckRefused(_FACE_REFUSED[comparison.outcome], code=comparison.outcome.lower())


def _reference_file(holder):
    """The roster photo of `holder`, else the latest portrait that a reviewer approved, else None.

    A portrait that no reviewer has seen is not used: anybody can upload a picture of themselves.
    """
    if holder.reference_photo:
        return holder.reference_photo
    approved = Particulars.objects.filter(
        card_request__holder=holder, card_request__card__isnull=False
    ).exclude(portrait="")
    latest = approved.order_by("-pk").first()
    return latest.portrait if latest else None


def _held(holder, *, but):
    """The latest pictures of `holder` that the portal has but the file `but`, as RGB images."""
    files = [holder.reference_photo]
    files += [offer.picture for offer in OfferedPortrait.objects.filter(holder=holder)]
    latest = Particulars.objects.filter(card_request__holder=holder).order_by("-pk")
    for particulars in latest[:REQUESTS_LOOKED_AT]:
        files += [particulars.portrait, particulars.portrait_source]
    found = []
    for file in files:
        if not file or file == but:
            continue
        with suppress(OSError):
            found.append(_read(file))
    return found


def _traces(holder):
    """The traces of the pictures that the portal had or showed, also of those it has deleted."""
    return [each.trace for each in PictureTrace.objects.newest_of(holder, limit=MOST_TRACES)]


def _read(file):
    """The picture in `file`, no larger than faces are looked for in: a dozen need a few megabytes.

    A JPEG, as all of them are, is made smaller while it is decoded.
    """
    edge = (DETECTION_EDGE, DETECTION_EDGE)
    with file.open("rb") as opened:
        image = Image.open(opened)
        image.draft("RGB", edge)
        image.thumbnail(edge, Image.Resampling.BILINEAR)
        return ImageOps.exif_transpose(image).convert("RGB")


def _reference(file):
    try:
        return _read(file)
    except OSError as error:
        raise CheckRefused(_FACE_REFUSED[Likeness.NO_REFERENCE], code="no_reference") from error
