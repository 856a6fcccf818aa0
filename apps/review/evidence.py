"""Every particular beside its evidence: the roster, the ID number itself, an earlier request.

Compared in full, shown masked. Nothing here decides: it says what agrees and what does not.
"""

from dataclasses import dataclass
from enum import StrEnum

from apps.cards.enums import RequestAction
from apps.common import id_numbers, masks
from apps.common.moments import day_of
from apps.people.enums import Relation, Sex
from apps.people.guardianships import SEXES
from apps.requests.forms import LONG_TERM
from apps.requests.models import Particulars

MASKED = {"id_number": masks.id_number, "phone": masks.phone, "address": masks.address}
LABELS = {field.name: str(field.verbose_name) for field in Particulars._meta.fields}
NATIONALITIES = {"CHN": "中国"}
# What the person's own row in the roster says as well.
ON_FILE = ("name", "id_number", "sex", "birth_date", "nationality", "ethnicity", "occupation")
# Where a guardian acts, the number and perhaps the address are the guardian's.
OF_THE_HOUSEHOLD = ("phone", "address")


class Verdict(StrEnum):
    DIFFERS = "differs"
    AGREES = "agrees"
    UNKNOWN = "unknown"

    @property
    def label(self):
        return _VERDICTS[self]


_VERDICTS = {
    Verdict.DIFFERS: "不一致",
    Verdict.AGREES: "一致",
    Verdict.UNKNOWN: "无从对照",
}


@dataclass(frozen=True)
class Said:
    """What one source says of a particular; `text` is empty where it says nothing."""

    text: str = ""
    differs: bool = False


NOTHING = Said()


@dataclass(frozen=True)
class Row:
    """One particular as it was given, and what each source says of it."""

    label: str
    given: str
    roster: Said = NOTHING
    number: Said = NOTHING
    earlier: Said = NOTHING

    @property
    def on_file(self):
        return self.roster.text

    @property
    def verdict(self):
        sources = (self.roster, self.number, self.earlier)
        if any(said.differs for said in sources):
            return Verdict.DIFFERS
        return Verdict.AGREES if any(said.text for said in sources) else Verdict.UNKNOWN

    @property
    def differs(self):
        return self.verdict == Verdict.DIFFERS


def rows(request, *, earlier, submitted_on, is_disclosed):
    """The particulars of `request`, differences first, what nothing is known of last.

    `earlier` is the request that led to the card before, or the last one, with its particulars;
    None where there is none. `submitted_on` is the day on which the age is told.
    """
    found = [
        *_personal(request, earlier, submitted_on, is_disclosed),
        *_of_the_card(request, earlier),
        *_of_the_guardian(request),
    ]
    return sorted(found, key=lambda row: list(Verdict).index(row.verdict))


def shown(row, name, *, is_disclosed):
    """The column `name` of a particulars or holder row as people read it, masked if need be."""
    text = _text(row, name)
    return MASKED[name](text) if name in MASKED and not is_disclosed else text


def _personal(request, earlier, submitted_on, is_disclosed):
    given, holder = request.particulars, request.holder
    guardian = given.guardian
    before = earlier.particulars if earlier else None
    told = id_numbers.told_by(given.id_number)

    def said_by(source, name):
        if source is None or not getattr(source, name):
            return NOTHING
        text = shown(source, name, is_disclosed=is_disclosed)
        return Said(text, getattr(source, name) != getattr(given, name))

    for name in (*ON_FILE, *OF_THE_HOUSEHOLD):
        source = holder
        if guardian is not None and name in OF_THE_HOUSEHOLD:
            source = holder if getattr(holder, name) else guardian
        yield Row(
            LABELS[name],
            shown(given, name, is_disclosed=is_disclosed),
            roster=said_by(source, name),
            number=_said_by_number(told, given, name),
            earlier=said_by(before, name) if name in ("name", "phone") else NOTHING,
        )
        if name == "birth_date":
            yield _age(given, told, submitted_on)
    yield Row(LABELS["id_type"], _text(given, "id_type"))
    yield Row("证件有效期", validity(given))
    yield Row(LABELS["household_type"], _text(given, "household_type"))


def _said_by_number(told, given, name):
    if told is None:
        return NOTHING
    match name:
        case "id_number":
            is_right = told.is_check_character_right
            return Said("校验位正确" if is_right else "校验位不对", not is_right)
        case "birth_date":
            return Said(str(told.birth_date), told.birth_date != given.birth_date)
        case "sex":
            return Said(Sex(told.sex).label, told.sex != given.sex)
    return NOTHING


def _age(given, told, day):
    def years(born):
        return f"{id_numbers.age(born, day=day)} 周岁"

    by_date = years(given.birth_date)
    number = NOTHING if told is None else Said(years(told.birth_date))
    return Row(
        "提交时的年龄", by_date, number=Said(number.text, bool(told) and number.text != by_date)
    )


def _of_the_card(request, earlier):
    """City and bank beside those of the card before, or of the last request."""
    before = request.old_card or earlier
    for name, label in (("city", "申领地区"), ("bank", "发卡银行")):
        mine = getattr(request, name)
        other = getattr(before, name) if before else None
        said = NOTHING if other is None else Said(other.name, other != mine)
        yield Row(label, mine.name, earlier=said)


def _of_the_guardian(request):
    """The relation beside the one that follows from both sexes."""
    guardian = request.particulars.guardian
    if guardian is None:
        return
    pair = (guardian.sex, request.holder.sex)
    fitting = [relation for relation, sexes in SEXES.items() if sexes == pair]
    given = request.particulars.guardian_relation
    said = Said(Relation(fitting[0]).label, fitting[0] != given) if fitting else NOTHING
    yield Row(LABELS["guardian_relation"], _text(request.particulars, "guardian_relation"), said)


def validity(particulars):
    """2020-01-01 至 2040-01-01, or 至 长期; empty where nothing was given."""
    if not particulars.id_valid_from:
        return ""
    return f"{particulars.id_valid_from} 至 {_text(particulars, 'id_valid_until')}"


def _text(row, name):
    value = getattr(row, name)
    display = getattr(row, f"get_{name}_display", None)
    if display is not None:
        return display() if value else ""
    if name == "nationality":
        return NATIONALITIES.get(value, value)
    if value == LONG_TERM:
        return "长期"
    return str(value) if value else ""


def submitted_on(events, request):
    """The day of the submission among the `events` of `request`, in Beijing."""
    moments = [event.at for event in events if event.action == RequestAction.SUBMIT]
    return day_of(moments[-1] if moments else request.status_since)
