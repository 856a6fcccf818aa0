"""The terms of cities in words: with the unit, and as a range over several cities."""

from dataclasses import dataclass

from apps.common.money import yuan
from apps.regions.models import CityRule


def unit(name):
    """The unit of a column of `CityRule.TERMS`: 元, 个自然日 or 个工作日."""
    if name in CityRule.FEES:
        return "元"
    return "个自然日" if name == "loss_report_days" else "个工作日"


@dataclass(frozen=True)
class Range:
    """One term over several cities. Reads 10元, or 8至10元 where they differ."""

    name: str
    least: int
    most: int

    def __str__(self):
        if self.least == self.most:
            return self.at_most
        return f"{self._number(self.least)}至{self.at_most}"

    @property
    def at_most(self):
        return f"{self._number(self.most)}{unit(self.name)}"

    def _number(self, value):
        return yuan(value).removesuffix(".00") if self.name in CityRule.FEES else str(value)


def ranges(rules):
    """Column → `Range` over the `CityRule` queryset `rules`: one query. Empty without a rule."""
    return {
        name: Range(name, least, most)
        for name, (least, most) in rules.extremes().items()
        if least is not None
    }
