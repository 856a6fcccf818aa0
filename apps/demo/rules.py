"""Changes of the rules: the unit collects the cards of 济南市, and a later one for its page."""

from datetime import timedelta

from apps.common.moments import day_of
from apps.demo.accounts import SUPERVISORS
from apps.people.models import User
from apps.regions import services as regions
from apps.regions.models import City
from apps.rulebook import services
from apps.rulebook.changes import NewRule

AHEAD = timedelta(days=40)
# Before anybody of the town applies.
SINCE = timedelta(days=300)


def let_the_unit_collect(*, at, tell):
    """Since `SINCE` the unit collects the cards of 济南市. Does nothing the second time."""
    city = City.objects.get(code="370100")
    if city.rules.filter(is_collected_by_unit=True).exists():
        return
    tell("单位统一领取")
    _change(
        city,
        {"is_collected_by_unit": True},
        "在校教职工的卡由单位统一领取、发放",
        valid_from=day_of(at - SINCE),
        at=at - SINCE,
    )


def build(*, at, tell):
    """From `AHEAD` on, lower postage and shorter times in 济南市. Does nothing the second time."""
    city = City.objects.get(code="370100")
    if city.rules.filter(valid_from__gt=day_of(at)).exists():
        return
    tell("将来生效的规则")
    _change(
        city,
        {"postage_same_city_fen": 800, "produce_days": 4},
        "同城改由校内文件交换站投递",
        valid_from=day_of(at + AHEAD),
        at=at,
    )


def _change(city, changes, note, *, valid_from, at):
    services.apply(
        change=NewRule(cities=[city], valid_from=valid_from, changes=changes, note=note),
        basis=regions.basis(cities=[city]),
        by=User.objects.get(employee_number=SUPERVISORS[0].employee_number),
        at=at,
    )
