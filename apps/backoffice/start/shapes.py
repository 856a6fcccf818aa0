"""The parts of every chart: bars, texts with a place and a width, and scales from zero."""

from dataclasses import dataclass

# How wide a character may be at the sizes that static/css/tokens.css calls drawn.
DIGIT, HAN = 7, 13
SMALL_DIGIT, SMALL_HAN = 6, 11


@dataclass(frozen=True)
class ChartBar:
    x: float
    y: float
    width: float
    height: float
    is_open: bool = False  # what it counts is not over yet


@dataclass(frozen=True)
class ChartText:
    x: float
    y: float
    words: str
    anchor: str = "start"

    def width(self, digit=DIGIT, han=HAN):
        return sum(digit if character.isascii() else han for character in self.words)

    def extent(self, digit=DIGIT, han=HAN):
        """(left, right)"""
        width = self.width(digit, han)
        left = self.x - {"start": 0, "middle": width / 2, "end": width}[self.anchor]
        return left, left + width


def round_up(number):
    """Where a scale ends: the least of 1 2 3 4 5 6 8 10 20 30 … that is not less than `number`."""
    power = 1
    while True:
        for leading in (1, 2, 3, 4, 5, 6, 8):
            if leading * power >= number:
                return leading * power
        power *= 10


def steps_to(top):
    """The numbers along a scale from zero to `top`, a result of `round_up`: six of them at most."""
    step = next(
        step
        for power in range(len(str(top)))
        for step in (10**power, 2 * 10**power, 5 * 10**power)
        if top % step == 0 and top // step <= 5
    )
    return range(0, top + 1, step)
