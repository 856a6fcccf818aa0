"""The ledger of minors (under 18) for the yearly audit: figures for each kind of data, no names.

未成年人网络保护条例第三十七条 wants the processing of minors' data audited every year. The rows are
those of the one table of personal data (apps.my_data.catalogue).
"""

from datetime import date

from django.conf import settings

from apps.common.kept_data import LegalGround
from apps.common.moments import day_of, end_of, start_of
from apps.events.models import Event
from apps.exports.columns import Column
from apps.exports.models import ExportedRequest
from apps.my_data import catalogue
from apps.people.models import Consent, Holder, years_before

OF_AGE = 18  # 未成年人保护法第二条
_HEADINGS = (
    ("类别", 16),
    ("内容", 50),
    ("用途", 30),
    ("来源", 16),
    ("依据", 30),
    ("保存期限", 40),
    ("提供给", 20),
    ("不满十四周岁人数", 14),
    ("十四至十七周岁人数", 14),
    ("记录数", 10),
    ("有监护人同意的人数", 14),
    ("当年查看完整信息次数", 14),
    ("当年导出次数", 12),
)
# The rows are lists already.
COLUMNS = tuple(Column(label, str, width) for label, width in _HEADINGS)


def number_of_rows():
    """How many rows the ledger has."""
    return 1 + len(_entries())


def rows(*, year, at):
    """The rows of `year`, as it stands at its end or, before that, at the moment `at`."""
    day = min(day_of(at), date(year, 12, 31))
    minors, young = _minors(day)
    begin, end = start_of(date(year, 1, 1)), end_of(date(year, 12, 31))
    looks = Event.objects.looks().filter(holder_id__in=minors, at__gte=begin, at__lt=end)
    files = ExportedRequest.objects.filter(
        card_request__holder__in=minors, export__created_at__gte=begin, export__created_at__lt=end
    )
    yield [
        "全部",
        "系统里的未成年人",
        *[""] * 5,
        len(young),
        len(minors) - len(young),
        len(minors),
        _consented(minors),
        looks.count(),
        files.values("export").distinct().count(),
    ]
    for entry in _entries():
        yield _row(entry, minors, young)


def _minors(day):
    """(the keys of all minors on `day`, of those below 14); birth dates are encrypted."""
    of_age = years_before(day, OF_AGE)
    child = years_before(day, settings.CHILD_UNTIL_AGE)
    people = Holder.objects.only("birth_date").iterator()
    born = {holder.pk: holder.birth_date for holder in people if holder.birth_date > of_age}
    return list(born), [pk for pk, date_ in born.items() if date_ > child]


def _entries():
    return [entry for entry in catalogue.every() if entry.of is not None]


def _row(entry, minors, young):
    words = [
        entry.category.value,
        f"{entry.heading}：{'、'.join(entry.label(name) for name in entry.fields)}",
        entry.purpose,
        entry.source.value,
        entry.ground.value,
        str(entry.term),
        "、".join(receiver.value for receiver in entry.receivers),
    ]
    about = entry.rows_about(minors)
    if about is None:  # no row says by itself whose it is
        return [*words, *[""] * 6]
    persons = about.values(entry.path).distinct()
    young_persons = entry.rows_about(young).values(entry.path).distinct().count()
    by_consent = entry.ground in (LegalGround.CONSENT, LegalGround.SEPARATE_CONSENT)
    return [
        *words,
        young_persons,
        persons.count() - young_persons,
        about.count(),
        _consented(persons) if by_consent else "",
        "",
        "",
    ]


def _consented(holders):
    """For how many of these people somebody's consent stands."""
    standing = Consent.objects.standing().filter(holder__in=holders)
    return standing.values("holder").distinct().count()
