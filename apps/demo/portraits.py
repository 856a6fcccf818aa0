"""Faces of people who do not exist, drawn: for the demo town, and for tests that need a face.

A face is a small relief (skull, nose, brows, lips) with a light, and with painted eyes, brows and
hair. A detector for real faces finds it. Two pictures of the same seed, in another light or place,
are more alike than pictures of two seeds.
"""

from dataclasses import dataclass, replace

from PIL import Image

from apps.common.later import later
from apps.people.enums import Sex

np = later("numpy")

# The relief is drawn on this canvas, in units of which the face is about 200 wide.
_WIDTH, _HEIGHT = 480, 600
_SKINS = ((238, 200, 172), (224, 178, 146), (204, 155, 120), (176, 124, 92), (246, 214, 192))
_HAIRS = ((24, 20, 20), (52, 36, 28), (34, 28, 32), (18, 18, 24))
_GREY = (138, 136, 134)
_CLOTHES = ((40, 60, 110), (70, 70, 78), (120, 40, 48), (36, 92, 84), (30, 32, 40))


@dataclass(frozen=True)
class _Traits:
    """What distinguishes one person from the next; lengths in units of the canvas."""

    face: float  # half width
    chin: float  # below the eyes
    jaw: float  # 0 pointed, 1 square
    eyes: float  # half distance
    eye: float  # half length of an eye
    opening: float
    slant: float
    brow: float  # thickness
    brow_height: float
    arch: float
    nose: float  # length
    nostrils: float  # half width
    mouth: float  # half width
    lips: float
    skin: tuple
    hair: tuple
    clothes: tuple
    hair_length: float
    fringe: float
    glasses: bool
    beard: float
    folds: float


def _traits(seed, sex):
    chance = np.random.default_rng(seed)
    between = chance.uniform
    is_woman = bool(chance.random() < 0.5) if sex is None else sex == Sex.FEMALE
    age = between(0, 1)
    face = between(84, 116)
    grey = _GREY if age > 0.75 else _HAIRS[chance.integers(len(_HAIRS))]
    return _Traits(
        face=face,
        chin=between(112, 156),
        jaw=between(0.0, 0.6) if is_woman else between(0.3, 1.0),
        eyes=face * between(0.40, 0.48),
        eye=between(16, 24),
        opening=between(5, 11),
        slant=between(-0.16, 0.16),
        brow=between(2.5, 6) if is_woman else between(5, 12),
        brow_height=between(19, 34),
        arch=between(0, 11),
        nose=between(40, 68),
        nostrils=between(13, 28),
        mouth=between(24, 44),
        lips=between(5, 15),
        skin=_SKINS[chance.integers(len(_SKINS))],
        hair=grey,
        clothes=_CLOTHES[chance.integers(len(_CLOTHES))],
        hair_length=float(chance.choice([0.9, 1.2, 1.6])) if is_woman else 0.0,
        fringe=between(-0.3, 0.8),
        glasses=bool(chance.random() < 0.35),
        beard=0.0 if is_woman else float(chance.choice([0, 0, 0.35, 0.9])),
        folds=age,
    )


def _smooth(edge, softness):
    """0 outside and 1 inside of `edge` (negative is inside), over `softness` units."""
    return 1 / (1 + np.exp(np.clip(edge / softness * 4, -40, 40)))


def _bump(x, y, wide, high):
    return np.exp(-((x / wide) ** 2)) * np.exp(-((y / high) ** 2))


def face(
    seed,
    *,
    sex=None,
    size=(720, 900),
    background="white",
    light=(0.25, -0.45),
    shift=(0.0, 0.0),
    **traits,
):
    """The person `seed` as an RGB picture of `size` pixels; without `sex`, the seed decides it.

    `light` is where the lamp stands (right, below; 0 is straight ahead), `shift` moves the person
    by parts of the picture's width and height, `background` is a colour. `traits` replaces what the
    seed gives: `skin`, `hair` and `clothes` are colours, `glasses` a bool.
    """
    person = replace(_traits(seed, sex), **traits)
    # A column and a row: what depends on one of them is worked out once for each line.
    y, x = (each.astype(np.float32) for each in np.ogrid[0:_HEIGHT, 0:_WIDTH])
    x -= _WIDTH / 2 + shift[0] * _WIDTH
    y -= 265 + shift[1] * _HEIGHT  # the eye line is y = 0
    canvas = np.empty((_HEIGHT, _WIDTH, 3), dtype=np.float32)
    canvas[:] = np.asarray(Image.new("RGB", (1, 1), background))[0, 0]
    _paint(canvas, person, x, y, light)
    grain = np.random.default_rng(seed + 1).normal(0, 2.0, canvas.shape[:2])
    inside = sum(np.abs(canvas[..., each] - canvas[0, 0, each]) for each in range(3)) > 6
    canvas += (grain * inside)[..., None]
    picture = Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8))
    return _framed(picture, size, background)


def _framed(picture, size, background):
    scale = min(size[0] / picture.width, size[1] / picture.height)
    inner = (round(picture.width * scale), round(picture.height * scale))
    scaled = picture.resize(inner, Image.Resampling.LANCZOS)
    frame = Image.new("RGB", size, background)
    frame.paste(scaled, ((size[0] - inner[0]) // 2, size[1] - inner[1]))
    return frame


def _blend(canvas, colour, share):
    """Paint where `share` makes a difference, with one colour or one for each point."""
    seen = share > 1e-5
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if len(rows):
        there = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        paint = np.asarray(colour, dtype=np.float32)
        canvas[there] += ((paint[there] if paint.ndim > 1 else paint) - canvas[there]) * share[
            there
        ][..., None]


def _head_edge(p, x, y):
    """Negative inside of the face's outline."""
    top = 130
    t = np.clip(y / p.chin, 0, 1)
    narrowing = np.where(y > 0, (1 - t ** (2.2 + 2.2 * p.jaw)) ** 0.5, 1)
    above = np.sqrt(np.clip(1 - (np.minimum(y, 0) / top) ** 2, 0, 1))
    half = p.face * narrowing * above
    inside = (y > -top) & (y < p.chin)
    return np.where(inside, np.abs(x) - half, 40)


def _relief(p, x, y):
    """Height towards the viewer."""
    below = y - p.nose - 15
    cy = (y - (p.chin - 130) / 2) / ((p.chin + 130) / 2)
    skull = 95 * np.sqrt(np.clip(1 - (x / (p.face * 1.06)) ** 2 * 0.9 - cy**2 * 0.75, 0.02, 1))
    nose_line = np.clip(y / p.nose, 0, 1)
    ridge = 20 * nose_line * np.exp(-((x / (8 + 6 * nose_line)) ** 2)) * _smooth(y - p.nose - 2, 7)
    tip = 13 * _bump(x, y - p.nose + 4, 12, 10)
    wings = sum(6 * _bump(x - s * p.nostrils * 0.75, y - p.nose, 7, 8) for s in (-1, 1))
    sockets = sum(-13 * _bump(x - s * p.eyes, y + 2, 24, 15) for s in (-1, 1))
    balls = sum(6 * _bump(x - s * p.eyes, y, p.eye * 0.9, 10) for s in (-1, 1))
    brows = sum(7 * _bump(x - s * p.eyes, y + p.brow_height, 34, 11) for s in (-1, 1))
    cheeks = sum(7 * _bump(x - s * p.eyes * 1.15, y - 42, 30, 26) for s in (-1, 1))
    mouth_y = _mouth_y(p)
    lips = 6 * _bump(x, y - mouth_y, p.mouth, p.lips * 1.2)
    slit = -5 * _bump(x, y - mouth_y, p.mouth * 0.9, 2.5)
    groove = -5 * _bump(x, y - mouth_y - p.lips - 10, p.mouth * 0.8, 8)
    chin = 9 * _bump(x, y - p.chin + 22, 24, 16)
    folds = sum(
        -3.5 * p.folds * _bump(x - s * (p.nostrils + 10 + (y - p.nose) * 0.35), below, 4, 24)
        for s in (-1, 1)
    )
    upper = skull + ridge + tip + wings + sockets + balls + brows
    return upper + cheeks + lips + slit + groove + chin + folds


def _mouth_y(p):
    return p.nose + (p.chin - p.nose) * 0.42


def _shade(height, light):
    dy, dx = np.gradient(height)
    lamp = np.array([light[0], light[1], 1.0])
    lamp /= np.linalg.norm(lamp)
    lit = (-dx * lamp[0] - dy * lamp[1] + lamp[2]) / np.sqrt(dx**2 + dy**2 + 1)
    return 0.42 + 0.62 * np.clip(lit, 0, 1)


def _paint(canvas, p, x, y, light):
    # From the back to the front.
    if p.hair_length:
        half = p.face * 1.24
        crown = ((x / half) ** 2 + ((y + 24) / 138) ** 2) - 1
        ends = ((x / half) ** 2 + (np.maximum(y, 0) / (110 * p.hair_length)) ** 4) - 1
        _blend(canvas, p.hair, _smooth(np.where(y > -24, ends, crown) * 60, 6))
    _paint_body(p, *_area(canvas, x, y, left=-_WIDTH, right=_WIDTH, top=-20, bottom=_HEIGHT))
    head = _area(canvas, x, y, left=-p.face - 40, right=p.face + 40, top=-150, bottom=p.chin + 30)
    _paint_head(p, *head, light=light)
    half = p.face * 1.3
    _paint_hair(p, *_area(canvas, x, y, left=-half, right=half, top=-200, bottom=140))


def _area(canvas, x, y, *, left, right, top, bottom):
    """The part of the three between these lines: nothing is painted outside of it."""
    columns = slice(*np.searchsorted(x[0], (left, right)))
    rows = slice(*np.searchsorted(y[:, 0], (top, bottom)))
    return canvas[rows, columns], x[:, columns], y[rows]


def _paint_head(p, canvas, x, y, *, light):
    edge = _head_edge(p, x, y)
    ears = sum(
        _smooth((((x - s * (p.face + 3)) / 13) ** 2 + ((y - 22) / 30) ** 2 - 1) * 12, 3)
        for s in (-1, 1)
    )
    _blend(canvas, np.array(p.skin) * 0.82, np.clip(ears, 0, 1) * (0 if p.hair_length else 1))
    lit = _shade(_relief(p, x, y), light)
    _blend(canvas, _shaded(p.skin, lit), _smooth(edge, 3))
    _paint_features(canvas, p, x, y, lit, edge)


def _shaded(colour, lit):
    return np.asarray(colour, dtype=np.float32) * lit[..., None]


def _paint_body(p, canvas, x, y):
    neck = np.maximum(np.abs(x) - p.face * 0.56, np.maximum(-y, y - p.chin - 80))
    _blend(canvas, np.array(p.skin) * 0.72, _smooth(neck, 4))
    drop = p.chin + 38
    half = 78 + 150 * np.sqrt(np.clip((y - drop) / 110, 0, 1))
    shoulders = np.maximum(np.abs(x) - half, drop - y + np.abs(x) * -0.1)
    _blend(canvas, p.clothes, _smooth(shoulders, 4))
    collar = np.maximum(np.abs(x) - (p.chin + 92 - y) * 0.7, np.abs(y - p.chin - 60) - 32)
    _blend(canvas, np.array(p.skin) * 0.75, _smooth(collar, 3))


def _paint_features(canvas, p, x, y, lit, edge):
    mouth_y = _mouth_y(p)
    lip = (x / p.mouth) ** 2 + ((y - mouth_y) / p.lips) ** 2 - 1
    lips = _shaded(np.array(p.skin) * (0.86, 0.62, 0.62), lit)
    _blend(canvas, lips, 0.8 * _smooth(lip * 20, 6))
    _blend(canvas, (70, 30, 30), 0.8 * _bump(x, y - mouth_y + 2 * (x / p.mouth) ** 2, p.mouth, 2))
    for side in (-1, 1):
        nx = x - side * p.nostrils * 0.5
        _blend(canvas, (60, 30, 24), 0.75 * _bump(nx, y - p.nose - 4, 6, 3.2))
        middle = side * p.eyes
        eye = _area(canvas, x, y, left=middle - 70, right=middle + 70, top=-120, bottom=50)
        _paint_eye(p, *eye, side=side, middle=middle)
    if p.beard:
        low = _smooth(-(y - p.nose - 16 + 0.004 * x**2 * -1), 10) * _smooth(edge + 6, 8)
        mouth = 1 - _smooth(lip * 20 - 4, 8)
        _blend(canvas, np.array(p.hair) * 0.9 + 8, 0.75 * p.beard * low * mouth)
    if p.glasses:
        for side in (-1, 1):
            r = np.sqrt(((x - side * p.eyes) / 34) ** 2 + (y / 25) ** 2)
            _blend(canvas, (22, 22, 26), np.exp(-(((r - 1) / 0.09) ** 2)))
        bridge = np.exp(-(((y + 4) / 3) ** 2)) * _smooth(np.abs(x) - (p.eyes - 33), 2)
        _blend(canvas, (22, 22, 26), bridge)


def _paint_eye(p, canvas, x, y, *, side, middle):
    out = side * (x - middle)  # from its middle outwards
    level = y - p.slant * -out
    across = np.clip(1 - (out / p.eye) ** 2, 0, 1)
    upper, lower = -p.opening * across**0.6, p.opening * 0.7 * across**0.8
    ball = np.maximum(upper - level, level - lower)
    ball = np.where(np.abs(out) < p.eye, ball, 20)
    white = _smooth(ball, 1.5)
    _blend(canvas, (226, 220, 216), white)
    r = np.sqrt(out**2 + (level + 1) ** 2)
    _blend(canvas, (48, 30, 22), white * _smooth(r - p.opening * 0.98, 1.5))
    _blend(canvas, (8, 8, 8), white * _smooth(r - p.opening * 0.45, 1.5))
    _blend(canvas, (250, 250, 250), white * _bump(out - 3, level + 4, 1.8, 1.8))
    lid = np.exp(-(((level - upper) / 2.2) ** 2)) * _smooth(np.abs(out) - p.eye, 2)
    _blend(canvas, (34, 22, 18), 0.9 * lid)
    crease = np.exp(-(((level - upper + 6) / 2) ** 2)) * _smooth(np.abs(out) - p.eye, 3)
    _blend(canvas, np.array(p.skin) * 0.55, 0.5 * crease)
    bow = -p.brow_height - p.arch * (1 - ((out - 6) / 30) ** 2) + p.slant * -out
    thick = p.brow * (1 - 0.4 * np.clip(out / 32, 0, 1))
    brow = np.exp(-(((y - bow) / thick) ** 4)) * _smooth(np.abs(out - 3) - 31, 5)
    _blend(canvas, np.array(p.hair) * 0.8, 0.85 * brow)


def _paint_hair(p, canvas, x, y):
    # Down to the ears at the sides, up to the hair line over the forehead.
    outer = (x / (p.face * 1.12)) ** 2 + ((y + 30) / 130) ** 2 - 1
    line = (
        -72 - 26 * (1 - p.fringe) + 0.0035 * x**2 * (1 + p.fringe) + p.fringe * 14 * np.sin(x / 18)
    )
    temples = 420 * np.clip(np.abs(x) / p.face - 0.8, 0, 0.3)
    cap = np.maximum(outer * 60, y - line - temples)
    strands = 0.92 + 0.1 * np.sin(x * 0.5 + y * 0.1) * np.sin(x * 0.13)
    _blend(canvas, _shaded(p.hair, strands) + 8, _smooth(cap, 4))
