"""The one table of personal data, collected from the `personal_data.py` of all rooms."""

from functools import cache

from apps.common import rooms
from apps.common.kept_data import Category


@cache
def every():
    """Every `PersonalData`, by category and in it by room."""
    found = [
        entry for room in rooms.modules("personal_data") for entry in getattr(room, "KEPT", ())
    ]
    return sorted(found, key=lambda entry: list(Category).index(entry.category))


@cache
def without():
    """Model → its columns that say nothing about a person."""
    found: dict[str, tuple[str, ...]] = {}
    for room in rooms.modules("personal_data"):
        for model, columns in room.WITHOUT.items():
            found[model] = (*found.get(model, ()), *columns)
    return found


def by_category():
    """Category → its entries, where there are any."""
    return {
        category: entries
        for category in Category
        if (entries := [entry for entry in every() if entry.category == category])
    }
