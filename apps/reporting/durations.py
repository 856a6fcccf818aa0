"""How long the stages of a request take, measured on the portal's own requests.

Every finished stage counts (`shares`), also of a request that was rejected later.
"""

from collections import Counter, defaultdict

from apps.reporting.models import StageCount


def measured(counts, *, since):
    """(city, bank or None, stage) → Counter of working days, of stages that ended since a day."""
    found: defaultdict[tuple, Counter] = defaultdict(Counter)
    stages = counts.by(StageCount, "city_id", "bank_id", "stage", "days", since=since)
    for (city, bank, stage, days), number in stages.items():
        for of_bank in (bank, None):
            found[city, of_bank, stage][days] += number
    return found


def rank(days, percent):
    """The least number of days within which at least `percent` of the cases in `days` lie."""
    wanted = -(-days.total() * percent // 100)
    seen = 0
    for length in sorted(days):
        seen += days[length]
        if seen >= wanted:
            return length
    raise ValueError("nothing was measured")
