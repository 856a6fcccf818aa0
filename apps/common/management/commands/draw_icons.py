"""`manage.py draw_icons`: the icons of the installed portal, small PNG files under static/img."""

from django.conf import settings
from django.core.management.base import BaseCommand
from PIL import Image, ImageDraw

BLUE, LIGHT, GOLD = (11, 87, 208), (255, 255, 255), (233, 207, 141)
SCALE = 4  # drawn larger and made smaller, so that the edges are smooth


def drawn(size, *, margin, is_rounded):
    """A card on blue; `margin` is what stays free around the card, as a share of `size`."""
    big = size * SCALE
    image = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, big - 1, big - 1), big * 0.22 if is_rounded else 0, fill=BLUE)
    width = big * (1 - 2 * margin)
    height = width / 1.586
    left, top = (big - width) / 2, (big - height) / 2
    pen.rounded_rectangle((left, top, left + width, top + height), width * 0.08, fill=LIGHT)
    chip = width * 0.24
    x, y = left + width * 0.13, top + height * 0.2
    pen.rounded_rectangle((x, y, x + chip, y + chip * 0.78), chip * 0.16, fill=GOLD)
    line = max(height * 0.075, 1)
    for share, place in ((0.74, 0.66), (0.44, 0.82)):
        y = top + height * place
        pen.rounded_rectangle((x, y - line / 2, left + width * share, y + line / 2), line / 2, BLUE)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def icons():
    """File name → picture."""
    return {
        "icon-192.png": drawn(192, margin=0.16, is_rounded=True),
        "icon-512.png": drawn(512, margin=0.16, is_rounded=True),
        # A launcher cuts its own shape out of it: the card lies in the inner 80 %.
        "icon-maskable.png": drawn(512, margin=0.24, is_rounded=False),
        "icon-180.png": drawn(180, margin=0.16, is_rounded=False).convert("RGB"),
    }


class Command(BaseCommand):
    help = "画出安装到手机桌面用的图标（static/img/icon-*.png）。"

    def handle(self, **options):
        for name, picture in icons().items():
            path = settings.BASE_DIR / "static" / "img" / name
            picture.quantize(64).save(path, optimize=True)
            self.stdout.write(f"{path.name} {path.stat().st_size} B")
