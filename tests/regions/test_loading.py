import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.regions import loading
from apps.regions.enums import Service
from apps.regions.management.commands import load_regions
from apps.regions.models import (
    Bank,
    City,
    CityBank,
    CityRule,
    County,
    Province,
    ServiceOpening,
)
from tests.factories.regions import change_rule

pytestmark = pytest.mark.django_db

MODELS = [Province, City, County, Bank, CityRule, CityBank, ServiceOpening]

SMALL = {
    "provinces": [{"code": "370000", "name": "山东省"}],
    "cities": [{"code": "370100", "name": "济南市", "province": "370000"}],
    "counties": [{"code": "370102", "name": "历下区", "city": "370100"}],
    "banks": [{"code": "95533", "name": "中国建设银行", "has_nationwide_branches": True}],
    "offers": [
        {
            "city": "370100",
            "services": {"APPLY": "2021-12-01"},
            "banks": ["95533"],
            "produce_days": 3,
            "dispatch_days": 2,
            "collect_days": 1,
        }
    ],
}


@pytest.fixture
def folder(tmp_path):
    for name, rows in SMALL.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    return tmp_path


def test_the_whole_country_loads_and_obeys_the_constraints(regions_loaded):
    assert (Province.objects.count(), City.objects.postal().count()) == (34, 368)
    assert County.objects.filter(city__province="110000", city__is_municipality=True).exists()
    assert {c.name for c in City.objects.issuing().filter(province="370000")} >= {
        "省本级",
        "菏泽市",
    }
    assert (
        not City.objects.offering(Service.REPLACE, date(2026, 12, 31))
        .filter(code="371700")
        .exists()
    )
    assert City.objects.offering(Service.REPLACE, date(2027, 1, 4)).filter(code="371700").exists()


def test_loading_again_changes_nothing(regions_loaded):
    before = [list(model.objects.order_by("pk").values()) for model in MODELS]
    call_command("load_regions", verbosity=0)

    assert [list(model.objects.order_by("pk").values()) for model in MODELS] == before


def test_the_command_reports_what_it_loaded():
    output = StringIO()
    call_command("load_regions", stdout=output)

    assert "34 省 369 市 2812 区县，20 家银行" in output.getvalue()


def test_a_reload_overwrites_names_but_keeps_what_an_admin_set(folder):
    loading.load(folder=folder)
    County.objects.update(name="旧名")
    City.objects.update(name="旧名")
    change_rule(City.objects.get(), day=date(2026, 1, 1), produce_days=20)
    Bank.objects.update(has_nationwide_branches=False)
    ServiceOpening.objects.update(open_until=date(2026, 12, 31))
    added = Bank.objects.create(code="95599", name="中国农业银行")
    CityBank.objects.update(bank=added, open_until=date(2026, 12, 31))

    loaded = loading.load(folder=folder)

    assert (loaded.rules, loaded.openings, loaded.city_banks) == (0, 0, 0)
    city = City.objects.get()
    assert (city.name, County.objects.get().name) == ("济南市", "历下区")
    days = [city.rule_on(date(year, 6, 1)).produce_days for year in (2025, 2026)]
    assert days == [3, 20]
    assert Bank.objects.get(code="95533").has_nationwide_branches
    assert ServiceOpening.objects.get().open_until == date(2026, 12, 31)
    assert CityBank.objects.get().bank == added


def test_a_new_city_comes_with_its_promised_days(folder):
    loading.load(folder=folder)

    rule = City.objects.get().rule_on(date(2021, 12, 1))
    assert (rule.produce_days, rule.dispatch_days, rule.collect_days) == (3, 2, 1)


def test_a_reload_keeps_a_county_that_an_admin_added(folder):
    loading.load(folder=folder)
    County.objects.create(code="370199", name="新区", city_id="370100")

    loading.load(folder=folder)

    assert County.objects.filter(code="370199").exists()


@pytest.mark.parametrize("broken", ["[{]", '[{"code": "370102"}]', None])
def test_a_broken_file_changes_nothing_and_ends_with_one_line(folder, monkeypatch, broken):
    monkeypatch.setattr(load_regions, "FOLDER", folder)
    path = folder / "counties.json"
    path.unlink() if broken is None else path.write_text(broken, encoding="utf-8")

    with pytest.raises(CommandError, match="载入失败"):
        call_command("load_regions")

    assert not Province.objects.exists()
