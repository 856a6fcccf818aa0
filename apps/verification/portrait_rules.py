"""The standard for the portrait on a card, and its rules, each with its own sentence.

Figures are those of 中华人民共和国社会保障卡制证用数字相片技术要求, which builds on GA 461-2004;
places and lengths are in pixels of the finished portrait.
"""

from dataclasses import dataclass, field

from django.conf import settings

from apps.common.later import later
from apps.verification import head_top
from apps.verification.wall import LUMA, Wall

np = later("numpy")

WIDTH, HEIGHT = settings.PORTRAIT_SIZE
DPI = 350

FACE_WIDTH = (179, 255)
# The middle of the ID card's 207 ± 14, well inside the range above.
FACE_WIDTH_AIM = 207
EYES_ABOVE_LOWER_EDGE = 207
EYES_FROM_LEFT = (162, 196)
HAIR_BELOW_UPPER_EDGE = (7, 21)
HAIR_AIM = 14

# A margin above the hair that is measured so much too narrow or too wide is still taken, and a face
# that is measured so much too small: it is measured some pixels wider in one crop than in the next.
_MARGIN_ERROR = 2
_WIDTH_ERROR = 2
# Where the face can't be smaller and the eyes can't be lower, hair may be cut: within these pixels.
_NEAR = 15
# Hair so high above the eyes, in widths of the face, fits into no portrait: then these pixels.
_TOO_HIGH, _NEAR_TOO_HIGH = 1.25, 25
# The middle, where the face is.
_FACE_AREA = (90, 80, 268, 340)
# A length that is at most so many pixels inside its limit is close to it: an error of measuring
# could have brought it there.
_CLOSE = 3


@dataclass(frozen=True)
class Finding:
    """One rule: `is_ok` is None where it could not be judged and the reviewer will look.

    `measured` is what was found, in pixels of the finished portrait: of the face_width its
    `width`, of the eyes the mid-points `left_x`, `left_y`, `right_x`, `right_y`.
    """

    rule: str
    is_ok: bool | None
    text: str
    measured: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """Which ways the crop can't go: then only another picture helps, and the advice says so."""

    left: bool = False
    right: bool = False
    below: bool = False
    smaller: bool = False
    larger: bool = False


def judge(picture, found, top=None, limits=Limits(), above=None):  # noqa: B008  (frozen)
    """The findings on a finished portrait (358×441, RGB), in the order to show them.

    `found`: the faces in it, or None where nothing can find them; `top`: the `HeadTop` of the only
    face; `above`: a picture of what is above that head, or None where nothing is.
    """
    pixels = np.asarray(picture, dtype=np.float64)
    above = None if above is None else np.asarray(above, dtype=np.float64)
    wall = Wall(pixels, found[0], top, above) if found and top else Wall(pixels)
    # Without a face, light and sharpness would be those of a wall.
    of_the_face = [_sharpness(pixels), _exposure(pixels, wall)] if found != [] else []
    return [
        *_faces(found, top, limits),
        *of_the_face,
        _background(wall),
        Finding("size", True, "尺寸和大小已自动调整"),
    ]


def _faces(found, top, limits):
    if found is None:
        return [
            Finding("one_face", None, "人脸数量和位置未检查（由审核老师核对）"),
        ]
    if not found:
        return [
            Finding(
                "one_face",
                False,
                "没有找到正面人脸：请在明亮处正对镜头，露出双眼和双耳，对焦清楚后重拍",
            )
        ]
    if len(found) > 1:
        return [Finding("one_face", False, f"照片里有 {len(found)} 张人脸：请只留本人，重新拍摄")]
    return [
        Finding("one_face", True, "只有一张正面人脸"),
        _face_width(found[0], limits),
        _eyes(found[0], limits),
        _hair(found[0], top, limits),
    ]


def _face_width(face, limits):
    least, most = FACE_WIDTH
    width = face.width
    found = {"width": round(width, 1)}
    if width < least - _WIDTH_ERROR:
        text = "人脸偏小：请把照片放大一些，或站近些重拍"
        if limits.smaller:
            text = "原照片里人脸太小：请站近些重拍，或上传没有压缩过的原图"
        return Finding("face_width", False, text, found)
    if width > most:
        text = "人脸偏大：请把照片缩小一些，或站远些重拍"
        if limits.larger:
            text = "原照片里人脸太大：请站远些重拍，四周多留一些墙"
        return Finding("face_width", False, text, found)
    return Finding("face_width", True, "人脸大小合适", found)


def _eyes(face, limits):
    x, y = face.eyes
    least, most = EYES_FROM_LEFT
    places = zip(("left_x", "left_y", "right_x", "right_y"), (*face.left, *face.right), strict=True)
    found = {name: round(value, 1) for name, value in places}
    if HEIGHT - y < EYES_ABOVE_LOWER_EDGE:
        text = "眼睛位置偏低：请把照片往上移，或重拍时抬高头部位置"
        if limits.below:
            text = "原照片里脸离下边太近：请把镜头放低一些重拍，露出肩膀"
        return Finding("eyes", False, text, found)
    if x < least:
        text = "人脸偏左：请把照片往右移"
        if limits.left:
            text = "原照片里人太靠左边：请站到画面中间重拍"
        return Finding("eyes", False, text, found)
    if x > most:
        text = "人脸偏右：请把照片往左移"
        if limits.right:
            text = "原照片里人太靠右边：请站到画面中间重拍"
        return Finding("eyes", False, text, found)
    return Finding("eyes", True, "人脸居中，眼睛高度合适", found)


def _hair(face, top, limits):
    _, eyes_y = face.eyes
    least, most = HAIR_BELOW_UPPER_EDGE
    found = {"y": round(top.y, 1)} if top.is_seen and not top.is_cut else {}
    is_close = top.y < least - _MARGIN_ERROR
    if (top.is_cut or is_close) and _must_be_cut(face, top):
        what = "上边裁去了一些" if top.is_cut or top.y < 0 else "上边留的空白少一些"
        text = f"头发较高，{what}，制证标准允许（由审核老师核对）"
        return Finding("hair", None, text, found)
    if top.is_cut:
        text = "原照片里头顶已经到了上边：请站远些重拍，头顶上方留出空白的墙"
        return Finding("hair", False, text)
    if not top.is_seen and eyes_y >= head_top.LOWEST * face.width:
        text = "头顶和背景颜色相近，分不清边缘（由审核老师核对）"
        return Finding("hair", None, text)
    if top.y < 0:
        text = "头顶被裁掉了：请把照片往下移，或缩小一些，让头顶露出来"
        return Finding("hair", False, text, found)
    if is_close:
        text = "头顶离上边太近：请把照片往下移一些，原照片上方没有空白时请重拍"
        return Finding("hair", False, text, found)
    if top.y > most + _MARGIN_ERROR:
        how = "请把照片往上移" if limits.smaller else "请把照片往上移，或放大一些"
        return Finding("hair", False, f"头顶离上边太远：{how}", found)
    return Finding("hair", True, "头顶上方的空白合适", found)


def hair_cut(findings):
    """How many pixels of the hair the portrait with these `findings` cuts off."""
    return max(0, *(-found.measured.get("y", 0) for found in findings if found.rule == "hair"), 0)


def _must_be_cut(face, top):
    """Whether the face can't be smaller and the eyes can't be lower: then hair may be cut."""
    eyes_y = face.eyes[1]
    near = _NEAR_TOO_HIGH if eyes_y - top.y > _TOO_HIGH * face.width else _NEAR
    is_lowest = HEIGHT - eyes_y <= EYES_ABOVE_LOWER_EDGE + near
    return is_lowest and face.width <= FACE_WIDTH[0] + near


def _sharpness(pixels):
    grey = _cut(pixels, _FACE_AREA) @ LUMA
    # Pillow's kernel filter would clip negative values: half of the measure would be lost.
    laplacian = (
        grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * grey[1:-1, 1:-1]
    )
    if laplacian.var() < settings.PORTRAIT_SHARPNESS:
        return Finding("sharpness", False, "照片模糊：请擦净镜头、拿稳手机，对焦后重拍")
    return Finding("sharpness", True, "照片清晰")


def _exposure(pixels, wall):
    grey = _cut(pixels, _FACE_AREA) @ LUMA
    darkest, brightest = settings.PORTRAIT_EXPOSURE
    # Before a bright wall a dark face is no mistake of the light: people have dark skin.
    is_bright = wall.brightness > brightest
    if grey.mean() < darkest and not is_bright:
        return Finding("exposure", False, "照片太暗：请面向窗户或灯光重拍")
    if grey.mean() < darkest / 2:
        text = "脸部很暗：看不清五官时，请面向窗户或灯光重拍（由审核老师核对）"
        return Finding("exposure", None, text)
    if grey.mean() > brightest or (grey > 250).mean() > 0.25:
        return Finding("exposure", False, "照片过曝，脸部发白：请避开直射光重拍")
    third = grey.shape[1] // 3
    if abs(grey[:, :third].mean() - grey[:, -third:].mean()) > 60:
        return Finding("exposure", False, "脸部一侧有明显阴影：请让光线从正面照来，重新拍摄")
    return Finding("exposure", True, "明暗合适")


def _background(wall):
    if wall.faults:
        return Finding("background", False, f"背景不够白：{wall.faults}，请换白墙重拍")
    if wall.is_covered:
        text = "头发或头饰挡住了旁边的背景（由审核老师核对）"
        return Finding("background", None, text)
    return Finding("background", True, "背景为白色")


def _cut(pixels, box):
    left, top, right, bottom = box
    return pixels[top:bottom, left:right]


def is_close(findings):
    """Whether a portrait that passed is close to a limit, or has a rule left to the reviewer.

    That nothing could find faces says nothing about this portrait and does not count.
    """
    left_open = any(found.is_ok is None for found in findings if found.rule != "one_face")
    return left_open or any(_is_near_limit(found.rule, found.measured) for found in findings)


def _is_near_limit(rule, measured):
    if rule == "face_width" and measured:
        return _is_near_end(measured["width"], FACE_WIDTH)
    if rule == "hair" and measured:
        least, most = HAIR_BELOW_UPPER_EDGE
        return not least <= measured["y"] <= most
    if rule == "eyes" and measured:
        x = (measured["left_x"] + measured["right_x"]) / 2
        above = HEIGHT - (measured["left_y"] + measured["right_y"]) / 2
        return _is_near_end(x, EYES_FROM_LEFT) or above < EYES_ABOVE_LOWER_EDGE + _CLOSE
    return False


def _is_near_end(value, limits):
    least, most = limits
    return value < least + _CLOSE or value > most - _CLOSE
