"""Opens an uploaded picture. Only the decoded content counts, not the name or type of the file.

A picture from `open_upload` is upright, RGB, in sRGB, of a limited size and without metadata. Only
our own encoding of it is stored, under our own name.

Pictures as iPhones keep them (HEIC) are taken where the wheel of pillow-heif is installed.
"""

import importlib
import io
import threading
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import PurePath

from django.conf import settings
from PIL import Image

from apps.common.rules import rule_text
from apps.unsent.uploads import EMPTY
from apps.verification import decoding
from apps.verification.refusals import UploadRefused

# The first bytes of what people upload in place of a JPEG or PNG: offset, bytes, name.
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"GIF8", "GIF"),
    (8, b"WEBP", "WebP"),
    (0, b"BM", "BMP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (0, b"%PDF", "PDF"),
    (4, b"jP  \r\n", "JPEG 2000"),
    (4, b"JXL \r\n", "JPEG XL"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"8BPS", "PSD"),
    (0, b"\x00\x00\x01\x00", "ICO"),
)
# What stands after `ftyp` in the first box of a file of this family (ISO/IEC 14496-12).
_BRANDS = {
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"heim": "HEIC",
    b"heis": "HEIC",
    b"hevc": "HEIC",
    b"hevx": "HEIC",
    b"mif1": "HEIC",
    b"msf1": "HEIC",
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"crx ": "CR3",
}
_FILM = "视频"
_ACCEPTED = ("JPEG", "PNG")
_HEIF = "HEIF"  # Pillow's name of the format


@cache
def takes_heic():
    """Whether pictures in the format of iPhones can be read here."""
    return find_spec("pillow_heif") is not None


# What a file input offers to choose, and what is said beside it.
ACCEPT = "image/jpeg,image/png" + (",image/heic,image/heif" if takes_heic() else "")
FORMATS = "JPG、PNG 或 HEIC" if takes_heic() else "JPG 或 PNG"
_SUFFIXES = {".jpg", ".jpeg", ".jpe", ".jfif", ".png"}
# One at a time: its memory is the largest that a request needs.
_slots = threading.BoundedSemaphore(1)


def open_upload(upload, *, finest=False):
    """The picture in `upload` (a Django `File`) as an upright RGB image without metadata.

    Its longer edge is at most settings.PICTURE_WORKING_EDGE pixels. A large JPEG has fewer, of
    which it is made sooner, unless the `finest` is wanted. A JPEG named .png and the
    reverse are accepted, and so is a HEIC under any name; any other content under such a name is
    refused as mislabelled. Raises `UploadRefused` with the code empty, too_many_bytes,
    incomplete, not_a_picture, wrong_format, mislabelled, damaged, animated, too_many_pixels,
    too_small or busy.
    """
    if not upload.size:
        raise UploadRefused(EMPTY, code="empty")
    if upload.size > settings.PICTURE_MAX_BYTES:
        raise UploadRefused(
            f"照片有 {upload.size / 1024 / 1024:.1f} MB，超过了 "
            f"{rule_text('PICTURE_MAX_BYTES')}，请换一张小一些的照片。",
            code="too_many_bytes",
        )
    try:
        upload.seek(0)
        content = upload.read()
    except (OSError, ValueError) as error:  # what was uploaded is gone, or its file is closed
        raise UploadRefused("照片没有传完整，请再选一次。", code="incomplete") from error
    kind = _kind(content)
    _check_kind(kind, upload.name or "")
    unreadable = _heic if kind == "HEIC" else _damaged
    try:
        image = Image.open(io.BytesIO(content), formats=[*_ACCEPTED, *_optional_formats()])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # On hostile input the decoders raise many kinds of exceptions.
        raise unreadable() from error
    _check_frame(image, content, finest=finest)
    try:
        with _slot():
            return decoding.normalised(image, finest=finest)
    except UploadRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        raise unreadable() from error


@cache
def _optional_formats():
    if not takes_heic():
        return ()
    # Its pictures come upright. Thumbnails and depth images are of no use here.
    importlib.import_module("pillow_heif").register_heif_opener(thumbnails=False)
    return (_HEIF,)


def from_jpeg(content):
    """The RGB image in `content`, the bytes that `to_jpeg` made."""
    return Image.open(io.BytesIO(content)).convert("RGB")


def to_jpeg(image):
    """`image` as the JPEG that is kept of an upload: our own encoding, no metadata."""
    target = io.BytesIO()
    image.save(target, "JPEG", quality=90)
    return target.getvalue()


def compact(upload):
    """`upload` as a small JPEG in our own encoding; None where it can't be used as a picture."""
    try:
        return to_jpeg(open_upload(upload))
    except UploadRefused:
        return None


def _kind(content):
    """The name of what the first bytes say, or None."""
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], _FILM)
    found = (kind for start, magic, kind in _SIGNATURES if content.startswith(magic, start))
    return next(found, None)


def _check_kind(kind, name):
    if kind in _ACCEPTED:
        return
    if kind == "HEIC":
        if takes_heic():
            return
        raise _heic()
    suffix = PurePath(name).suffix.lower()
    if suffix in _SUFFIXES:
        what = {None: "图片以外的东西", _FILM: _FILM}.get(kind, f" {kind} 文件")
        raise UploadRefused(
            f"文件名以 {suffix} 结尾，内容却是{what}，请上传真正的 JPG 或 PNG 照片。",
            code="mislabelled",
        )
    if kind == "GIF":
        raise UploadRefused("不接受 GIF 图片，请上传 JPG 或 PNG 照片。", code="wrong_format")
    if suffix == ".livp":
        raise UploadRefused(
            "这是手机的实况照片（LIVP），不能直接读。请在相册里存为静态照片，或另存为 JPG 再上传。",
            code="wrong_format",
        )
    if kind:
        what = kind if kind == _FILM else f" {kind} 文件"
        raise UploadRefused(f"不接受{what}，请上传 JPG 或 PNG 照片。", code="wrong_format")
    raise UploadRefused("这个文件不是图片，请上传 JPG 或 PNG 照片。", code="not_a_picture")


@contextmanager
def _slot():
    """The place of the one picture that this process decodes at a time; the others wait."""
    if not _slots.acquire(timeout=settings.PICTURE_WAIT.total_seconds()):
        raise UploadRefused(
            "现在上传照片的人很多，这一张还没有轮到。请过一分钟再提交一次。", code="busy"
        )
    try:
        yield
    finally:
        decoding.give_back()
        _slots.release()


def _check_frame(image, content, *, finest):
    """Raise `UploadRefused` for what the header shows, before anything is decoded."""
    # Phones write several views into one JPEG (MPO); its first one is the photograph.
    if image.format == "PNG" and getattr(image, "is_animated", False):
        raise UploadRefused("这是动态图片，请上传一张静止的照片。", code="animated")
    if image.width * image.height > settings.PICTURE_MAX_PIXELS:
        raise _too_many_pixels()
    if decoding.bytes_needed(image, content, finest=finest) > settings.PICTURE_DECODE_MAX_BYTES:
        raise UploadRefused(
            f"这张照片有 {image.width}×{image.height} 像素，这种格式的这么大的照片这里打不开，"
            "请换一张小一些的，或另存为普通的 JPG 再上传。",
            code="too_many_pixels",
        )
    if min(image.size) < settings.PICTURE_MIN_EDGE:
        raise UploadRefused(
            f"照片只有 {image.width}×{image.height} 像素，太小了，"
            f"每边至少要 {settings.PICTURE_MIN_EDGE} 像素，请上传原图。",
            code="too_small",
        )


def _too_many_pixels():
    return UploadRefused(
        f"照片的像素太多，超过了 {rule_text('PICTURE_MAX_PIXELS')}，"
        "请换一张，或把相机的分辨率调低后重拍。",
        code="too_many_pixels",
    )


def _heic():
    return UploadRefused(
        "这是 HEIC 等手机专用格式，这里打不开，请在手机的相机设置里改为“兼容性最佳”后重拍，"
        "或另存为 JPG 再上传。",
        code="wrong_format",
    )


def _damaged():
    return UploadRefused(
        "照片文件已损坏或不完整，打不开，请重新拍摄或重新导出后再上传。", code="damaged"
    )
