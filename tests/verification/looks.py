"""Drawn people as they look: hair of every shade and height, hats, scarves, no hair at all."""

from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

from apps.demo.portraits import face
from apps.people.enums import Sex

WALL = (250, 250, 250)
WHITE, SNOW, SILVER, DARK = (228, 228, 226), (241, 241, 240), (190, 190, 192), (40, 36, 34)
LIGHT_SKIN, BROWN, DARK_SKIN = (246, 222, 208), (160, 112, 82), (80, 52, 40)
COAT = (252, 252, 252)
# In units of the drawing, of which a picture has 600 from top to bottom: the height of the eyes,
# half their distance, and the width of such a face, as a detector sees them.
_DRAWN_HEIGHT, _EYES_Y, _EYES, _FACE = 600, 258, 44, 175


@dataclass(frozen=True)
class Look:
    """What is on the head: its colour, how far it reaches above the eyes and to each side of them.

    Lengths are in widths of the face, `shift` is in parts of the picture.
    """

    colour: tuple
    height: float = 0.95
    half: float = 0.56
    kind: str = "hair"
    stripe: tuple | None = None
    wall: tuple = WALL
    size: tuple = (720, 900)
    shift: tuple = (0.0, 0.0)
    skin: tuple = (224, 178, 146)
    clothes: tuple = (40, 60, 110)
    glasses: bool = False

    def picture(self):
        image = face(
            2,
            sex=Sex.MALE,
            size=self.size,
            background=self.wall,
            shift=self.shift,
            skin=self.skin,
            clothes=self.clothes,
            glasses=self.glasses,
            eyes=_EYES,
            beard=0.0,
        )
        # The drawn hair is taken off, and this look put on.
        x, y, width = *self._eyes, self._face_width
        line = round(y - width * 0.45)
        image.paste(self.wall, (0, 0, image.width, line))
        mask = Image.new("L", image.size, 0)
        draw = ImageDraw.Draw(mask)
        left, right, top = x - width * self.half, x + width * self.half, self.crown
        if self.kind == "scarf":
            draw.ellipse((left, top, right, y + width), fill=255)
            draw.ellipse((x - width * 0.42, line, x + width * 0.42, y + width * 0.72), fill=0)
        elif self.kind == "hat":
            draw.rectangle((x - width * 0.45, top, x + width * 0.45, line), fill=255)
            draw.rectangle((left, line - width * 0.1, right, line), fill=255)
        else:
            draw.ellipse((left, top, right, y + width * 0.4), fill=255)
            draw.rectangle((0, line + 1, image.width, image.height), fill=0)
        image.paste(self.colour, mask=mask.filter(ImageFilter.GaussianBlur(1.2)))
        if self.stripe:
            middle = (top + line) / 2
            band = (x - width * 0.4, middle, x + width * 0.4, middle + width * 0.08)
            image.paste(self.stripe, tuple(map(round, band)))
        return image

    @property
    def crown(self):
        """Where the head ends, in pixels of the picture."""
        return self._eyes[1] - self.height * self._face_width

    @property
    def _scale(self):
        return self.size[1] / _DRAWN_HEIGHT

    @property
    def _face_width(self):
        return _FACE * self._scale

    @property
    def _eyes(self):
        across, down = self.shift
        x = self.size[0] / 2 + across * 480 * self._scale
        return x, (_EYES_Y + down * _DRAWN_HEIGHT) * self._scale


LOOKS = {
    "white hair, glasses": Look(WHITE, glasses=True),
    "snow-white hair, off-white wall, white coat": Look(SNOW, wall=(240, 236, 228), clothes=COAT),
    "high silver hair": Look(SILVER, height=1.15),
    "wide dark hair, to the left": Look(DARK, half=0.75, size=(1000, 900), shift=(-0.2, 0.04)),
    "bald, light skin": Look(LIGHT_SKIN, height=0.8, half=0.48, skin=LIGHT_SKIN),
    "bald, dark skin": Look(DARK_SKIN, height=0.8, half=0.48, skin=DARK_SKIN),
    "white hat with a stripe like the wall": Look(SNOW, height=1.1, kind="hat", stripe=WALL),
    "white headscarf, white coat": Look(SNOW, 1.0, 0.66, kind="scarf", skin=BROWN, clothes=COAT),
    "very wide dark hair": Look(DARK, height=1.05, half=1.15),
    "near-white hair, blond skin": Look((238, 236, 230), half=0.7, skin=LIGHT_SKIN, glasses=True),
    "high white hair, dark skin, white coat": Look(WHITE, height=1.1, skin=DARK_SKIN, clothes=COAT),
    "white hair, small in a wide picture": Look(WHITE, size=(2000, 900), shift=(0.1, 0.05)),
}
