"""The measures of the standard for portraits, as lines over the picture and as words beside it."""

from dataclasses import dataclass

from apps.verification.portrait_rules import (
    EYES_ABOVE_LOWER_EDGE,
    EYES_FROM_LEFT,
    FACE_WIDTH,
    HAIR_BELOW_UPPER_EDGE,
    HEIGHT,
    WIDTH,
)

CENTRE = WIDTH / 2


@dataclass(frozen=True)
class Measure:
    """`number` marks the line in the picture; `found` is what the portal measured, in pixels."""

    number: int
    label: str
    wanted: str
    found: float | None = None
    is_ok: bool | None = None


@dataclass(frozen=True)
class Overlay:
    """The measures in words, and where their lines go, in pixels of the portrait."""

    measures: list
    hair: tuple = HAIR_BELOW_UPPER_EDGE
    hair_height: int = HAIR_BELOW_UPPER_EDGE[1] - HAIR_BELOW_UPPER_EDGE[0]
    eyes_x: tuple = EYES_FROM_LEFT
    eyes_width: int = EYES_FROM_LEFT[1] - EYES_FROM_LEFT[0]
    eyes_lowest_y: int = HEIGHT - EYES_ABOVE_LOWER_EDGE
    eyes_label_y: int = HEIGHT - EYES_ABOVE_LOWER_EDGE + 6
    face_least: tuple = (CENTRE - FACE_WIDTH[0] / 2, CENTRE + FACE_WIDTH[0] / 2)
    face_most: tuple = (CENTRE - FACE_WIDTH[1] / 2, CENTRE + FACE_WIDTH[1] / 2)
    centre: float = CENTRE
    width: int = WIDTH
    height: int = HEIGHT
    eyes: dict | None = None
    face: tuple | None = None
    top: float | None = None


def overlay(findings):
    """The `Overlay` for a portrait with these stored `findings`.

    Hair, eyes and face are drawn where the portal found them when the portrait was made. Without
    the face wheels, or with a portrait older than the measuring, there are only the standard's
    lines.
    """
    stored = {finding.get("rule"): finding.get("measured") or {} for finding in findings}
    eyes, width = stored.get("eyes"), stored.get("face_width", {}).get("width")
    top = stored.get("hair", {}).get("y")
    # As it was judged: the rule allows for an error of measuring.
    is_hair_ok = next((found["is_ok"] for found in findings if found.get("rule") == "hair"), None)
    middle = _middle(eyes) if eyes else None
    above = round(HEIGHT - middle[1]) if middle else None
    from_left = round(middle[0]) if middle else None
    measures = [
        Measure(
            1,
            "发顶距上边",
            _range(HAIR_BELOW_UPPER_EDGE),
            None if top is None else round(top),
            is_hair_ok,
        ),
        Measure(
            2, "人脸宽", _range(FACE_WIDTH), width and round(width), _within(width, FACE_WIDTH)
        ),
        Measure(
            3,
            "两眼中点距左边",
            _range(EYES_FROM_LEFT),
            from_left,
            _within(from_left, EYES_FROM_LEFT),
        ),
        Measure(
            4,
            "两眼连线距下边",
            f"不少于 {EYES_ABOVE_LOWER_EDGE}",
            above,
            None if above is None else above >= EYES_ABOVE_LOWER_EDGE,
        ),
    ]
    face = None
    if middle and width:
        face = (round(middle[0] - width / 2, 1), round(middle[0] + width / 2, 1))
    return Overlay(measures, eyes=eyes or None, face=face, top=top)


def _middle(eyes):
    return (eyes["left_x"] + eyes["right_x"]) / 2, (eyes["left_y"] + eyes["right_y"]) / 2


def _range(limits):
    return f"{limits[0]}–{limits[1]}"


def _within(value, limits):
    return None if value is None else limits[0] <= value <= limits[1]
