"""Splits an address that was typed as one line, so that people need not type it twice."""

from apps.regions.models import City, County, Province

# What makes the name of a city the beginning of that of a street: 上海市场路, 南京市民中心.
_ENDS_A_STREET = ("场", "民")


def split(text):
    """(province, city, county, rest) of 山东省淄博市张店区共青团西路88号.

    Only full names are recognised. From the first part that is missing on, the parts are None and
    the text stays in `rest`.
    """
    rest = text.strip()
    province = _leading(Province.objects.order_by("code"), rest)
    if province is None:
        return None, None, None, rest
    rest = rest.removeprefix(province.name).strip()
    cities = City.objects.postal().filter(province=province)
    # In a municipality the city has the name of its province, which people write once.
    city = cities.filter(is_municipality=True).first() or _leading(cities, rest)
    if city is None:
        return province, None, None, rest
    rest = rest.removeprefix(city.name).strip()
    county = _leading(County.objects.filter(city=city), rest)
    return province, city, county, rest.removeprefix(county.name).strip() if county else rest


def elsewhere(text, *, city, county):
    """The place with which `text` begins if it is another one than `city` and `county`, else "".

    `county` may be None. Only full names count; 北京市场街 is a street.
    """
    province, found, found_county, _ = split(text)
    if province is None:
        found = _leading(City.objects.postal(), text.strip())
    for named, chosen in ((province, city.province), (found, city), (found_county, county)):
        is_street = named and text.partition(named.name)[2].startswith(_ENDS_A_STREET)
        if named is not None and chosen is not None and named != chosen and not is_street:
            return named.name
    return ""


def _leading(places, text):
    """The place whose name `text` begins with. If there are two, the one with the longer name."""
    found = [place for place in places if text.startswith(place.name)]
    return max(found, key=lambda place: len(place.name), default=None)
