"""The data that the portal ships, against published counts and lists."""

import json
from collections import Counter

import pytest
from django.conf import settings

from apps.regions.enums import Service

FOLDER = settings.BASE_DIR / "fixtures" / "regions"

# Prefectures by the digits 3 and 4 of their codes, as GB/T 2260 lists them.
PREFECTURES = {
    "13": "01石家庄 02唐山 03秦皇岛 04邯郸 05邢台 06保定 07张家口 08承德 09沧州 10廊坊 11衡水",
    "14": "01太原 02大同 03阳泉 04长治 05晋城 06朔州 07晋中 08运城 09忻州 10临汾 11吕梁",
    "32": "01南京 02无锡 03徐州 04常州 05苏州 06南通 07连云港 08淮安 09盐城 10扬州 11镇江 12泰州 "
    "13宿迁",
    "33": "01杭州 02宁波 03温州 04嘉兴 05湖州 06绍兴 07金华 08衢州 09舟山 10台州 11丽水",
    "34": "01合肥 02芜湖 03蚌埠 04淮南 05马鞍山 06淮北 07铜陵 08安庆 10黄山 11滁州 12阜阳 13宿州 "
    "15六安 16亳州 17池州 18宣城",
    "37": "01济南 02青岛 03淄博 04枣庄 05东营 06烟台 07潍坊 08济宁 09泰安 10威海 11日照 13临沂 "
    "14德州 15聊城 16滨州 17菏泽",
    "41": "01郑州 02开封 03洛阳 04平顶山 05安阳 06鹤壁 07新乡 08焦作 09濮阳 10许昌 11漯河 12三门峡 "
    "13南阳 14商丘 15信阳 16周口 17驻马店",
    "44": "01广州 02韶关 03深圳 04珠海 05汕头 06佛山 07江门 08湛江 09茂名 12肇庆 13惠州 14梅州 "
    "15汕尾 16河源 17阳江 18清远 19东莞 20中山 51潮州 52揭阳 53云浮",
    "51": "01成都 03自贡 04攀枝花 05泸州 06德阳 07绵阳 08广元 09遂宁 10内江 11乐山 13南充 14眉山 "
    "15宜宾 16广安 17达州 18雅安 19巴中 20资阳 32阿坝 33甘孜 34凉山",
}
COUNTIES = {
    "370100": "02历下区 03市中区 04槐荫区 05天桥区 12历城区 13长清区 14章丘区 15济阳区 16莱芜区 "
    "17钢城区 24平阴县 26商河县",
    "370200": "02市南区 03市北区 11黄岛区 12崂山区 13李沧区 14城阳区 15即墨区 81胶州市 83平度市 "
    "85莱西市",
}
PROVINCES = (
    "11北京 12天津 13河北 14山西 15内蒙古 21辽宁 22吉林 23黑龙江 31上海 32江苏 33浙江 34安徽 "
    "35福建 36江西 37山东 41河南 42湖北 43湖南 44广东 45广西 46海南 50重庆 51四川 52贵州 53云南 "
    "54西藏 61陕西 62甘肃 63青海 64宁夏 65新疆 71台湾 81香港 82澳门"
)


def rows(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def is_prefecture(city):
    return city["code"].endswith("00") and city["code"][2:4] not in ("00", "99")


def short(text):
    """{"01": "济南"} from "01济南 …"."""
    return {word[:2]: word[2:] for word in text.split()}


def test_the_provinces_are_those_of_the_standard():
    listed = short(PROVINCES)

    assert {row["code"][:2] for row in rows("provinces")} == set(listed)
    assert all(row["name"].startswith(listed[row["code"][:2]]) for row in rows("provinces"))


@pytest.mark.parametrize("province", PREFECTURES)
def test_the_prefectures_of_a_province_are_those_of_the_standard(province):
    listed = short(PREFECTURES[province])
    cities = {
        row["code"][2:4]: row["name"]
        for row in rows("cities")
        if row["province"] == f"{province}0000" and is_prefecture(row)
    }

    assert cities.keys() == listed.keys()
    assert [code for code, name in cities.items() if not name.startswith(listed[code])] == []


@pytest.mark.parametrize("city", COUNTIES)
def test_the_counties_of_a_city_are_those_of_the_standard(city):
    counties = {row["code"][4:]: row["name"] for row in rows("counties") if row["city"] == city}

    assert counties == short(COUNTIES[city])


def test_the_counts_are_the_official_ones():
    cities = rows("cities")
    direct = [row for row in cities if row["code"][2:4] == "90"]

    assert len(rows("provinces")) == 34
    assert sum(is_prefecture(row) for row in cities) == 333
    assert sum(row.get("is_municipality", False) for row in cities) == 4
    assert len(rows("counties")) + len(direct) == 2843
    assert sum(row["code"].startswith("37") for row in rows("counties")) == 136
    assert len(cities) == 333 + 4 + len(direct) + 1


@pytest.mark.parametrize("name", ["provinces", "cities", "counties", "banks"])
def test_no_code_comes_twice(name):
    assert [code for code, n in Counter(row["code"] for row in rows(name)).items() if n > 1] == []


@pytest.mark.parametrize("name", ["provinces", "cities", "counties", "banks", "offers"])
def test_every_line_of_a_file_is_one_row(name):
    lines = (FOLDER / f"{name}.json").read_text(encoding="utf-8").splitlines()

    assert (lines[0], lines[-1]) == ("[", "]")
    assert [json.loads(line.rstrip(",")) for line in lines[1:-1]] == rows(name)


def test_the_code_of_the_own_authority_is_no_place():
    authority = next(row for row in rows("cities") if row.get("seat_code"))
    places = {row["code"] for row in rows("counties")} | {
        row["code"] for row in rows("cities") if row is not authority and "seat_code" not in row
    }

    assert (authority["code"], authority["seat_code"]) == ("379900", "370100")
    assert not any(place.startswith(authority["code"][:4]) for place in places)
    assert authority["seat_code"] in places


def test_a_zone_of_the_statistics_is_no_county():
    assert not {"370171", "370571", "370672"} & {row["code"] for row in rows("counties")}


def test_all_of_shandong_has_an_offer_with_known_services_and_banks():
    offers = {row["city"]: row for row in rows("offers")}
    banks = {row["code"]: row for row in rows("banks")}

    assert {row["code"] for row in rows("cities") if row["province"] == "370000"} <= offers.keys()
    for offer in offers.values():
        assert offer["services"].keys() <= set(Service.values)
        assert any(banks[code]["has_nationwide_branches"] for code in offer["banks"])
    assert offers["379900"]["banks"] == ["95588", "95599", "95566", "95533"]
