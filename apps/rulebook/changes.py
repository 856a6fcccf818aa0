"""A change of fees and days: what it does, how it reads, and whom it reaches.

Every change is built from a valid form (those of services and banks are in openings.py). `apply`
makes it through the services of regions and returns what to record for each city. `lines` are the
values before and after; `groups` are the people whom it concerns.
"""

from dataclasses import dataclass
from datetime import date

from apps.common.refusals import Refused
from apps.common.templatetags.formats import day as day_words
from apps.regions import services as regions
from apps.regions.models import City, CityRule
from apps.rulebook import impact
from apps.rulebook.wording import LABELS, shown


@dataclass(frozen=True)
class ChangeLine:
    """One row of before and after; `where` is the city, named where there are several."""

    where: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class NewRule:
    """New fees and days for `cities` from a day on."""

    cities: list[City]
    valid_from: date
    changes: dict[str, int]
    note: str

    @property
    def title(self):
        return f"{day_words(self.valid_from)}起的资费与时限"

    def _before(self):
        rules = CityRule.objects.in_force(self.valid_from).filter(city__in=self.cities)
        return {rule.city_id: rule for rule in rules}

    def apply(self, *, by, at):
        facts = {}
        before = self._before()
        for city in self.cities:
            rule = regions.add_rule(
                city=city,
                valid_from=self.valid_from,
                changes=self.changes,
                note=self.note,
                by=by,
                at=at,
            )
            facts[city.pk] = {
                "what": "rule",
                "valid_from": self.valid_from,
                "before": {name: getattr(before[city.pk], name) for name in self.changes},
                "after": {name: getattr(rule, name) for name in self.changes},
            }
        return facts

    def lines(self):
        before = self._before()
        return [
            ChangeLine(
                city.name,
                LABELS[name],
                shown(name, getattr(before[city.pk], name)),
                shown(name, value),
            )
            for city in self.cities
            for name, value in self.changes.items()
            if getattr(before[city.pk], name) != value
        ]

    def warnings(self):
        return [
            f"{rule.city.name}在{day_words(rule.valid_from)}另有一个版本，到那天以那个版本为准。"
            "要一起改的，请先撤回那个版本，或再为那天以后新建一个。"
            for rule in impact.later_versions(self.cities, self.valid_from)
        ]

    def groups(self, *, at):
        return impact.of_rule(self.cities, self.changes, at=at)


@dataclass(frozen=True)
class WithdrawnRule:
    """A version that has not begun is withdrawn."""

    rule: CityRule
    note: str

    @property
    def cities(self):
        return [self.rule.city]

    @property
    def title(self):
        return f"撤回{day_words(self.rule.valid_from)}起的资费与时限"

    def _before(self):
        """The version that stays in force instead, and the names of what differs."""
        earlier = self.rule.city.rules.filter(valid_from__lt=self.rule.valid_from)
        stays = earlier.order_by("valid_from").last()
        if stays is None:
            name = self.rule.city.name
            raise Refused(f"这是{name}的第一个版本，没有别的可以代替，不能撤回。", code="first")
        return stays, [n for n in CityRule.TERMS if getattr(stays, n) != getattr(self.rule, n)]

    def apply(self, *, by, at):
        stays, names = self._before()
        regions.withdraw_rule(rule=self.rule, by=by, at=at)
        facts = {
            "what": "rule_withdrawn",
            "valid_from": self.rule.valid_from,
            "before": {name: getattr(self.rule, name) for name in names},
            "after": {name: getattr(stays, name) for name in names},
        }
        return {self.rule.city_id: facts}

    def lines(self):
        stays, names = self._before()
        return [
            ChangeLine(
                self.rule.city.name,
                LABELS[name],
                shown(name, getattr(self.rule, name)),
                shown(name, getattr(stays, name)),
            )
            for name in names
        ]

    def warnings(self):
        return []

    def groups(self, *, at):
        stays, names = self._before()
        return impact.of_rule(self.cities, {n: getattr(stays, n) for n in names}, at=at)
