"""How old somebody is on a day, and when somebody has which birthday."""


def years_before(day, years):
    """The last birth date of people who have completed `years` on `day`: so many years before.

    For 29 February and a year without one it is 28 February, since somebody born on 1 March has
    the birthday a day later.
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def birthday(born, *, years):
    """The day on which somebody born on `born` completes `years`; for 29 February, 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return born.replace(year=born.year + years, month=3, day=1)
