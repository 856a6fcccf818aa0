"""Every value beside its evidence: the roster, the ID number itself, an earlier request.

A child is in no roster. What is known of it is what a guardian registered: that proves nothing
further about what the same guardian fills in, and is never called the roster.

Values are compared in full and shown masked. The result says what agrees and what does not; the
reviewer decides.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from apps.cards.enums import RequestAction
from apps.common.moments import day_of
from apps.common.templatetags.formats import full_date, shown_after_look
from apps.common.visibility import shown
from apps.guardianships.policies import SEXES
from apps.people.enums import Relation, Sex
from apps.requests import registry
from apps.requests.declaration import FieldStep
from apps.risks.differences import row_on_file
from apps.typed_text import id_numbers


class EvidenceVerdict(StrEnum):
    DIFFERS = "differs"
    AGREES = "agrees"
    REGISTERED = "registered"
    UNKNOWN = "unknown"

    @property
    def label(self):
        return _VERDICTS[self]


_VERDICTS = {
    EvidenceVerdict.DIFFERS: "不一致",
    EvidenceVerdict.AGREES: "一致",
    EvidenceVerdict.REGISTERED: "与登记相同",
    EvidenceVerdict.UNKNOWN: "不能对照",
}

_ORDER = {verdict: place for place, verdict in enumerate(EvidenceVerdict)}


@dataclass(frozen=True)
class Said:
    """What one source says of a particular; `text` is empty where it says nothing."""

    text: str = ""
    differs: bool = False


NOTHING = Said()


@dataclass(frozen=True)
class EvidenceRow:
    """One particular as it was given, and what each source says of it."""

    label: str
    given: str
    roster: Said = NOTHING
    registered: Said = NOTHING
    number: Said = NOTHING
    earlier: Said = NOTHING
    is_opened: bool = False
    """Whether values that are masked elsewhere are shown in full, because sources differ."""
    is_of_code: bool = False
    """Whether its values come from a table of codes, so that many people have the same ones."""

    @property
    def on_file(self):
        return self.roster.text or self.registered.text

    @cached_property
    def verdict(self):
        sources = (self.roster, self.number, self.earlier)
        if any(said.differs for said in (*sources, self.registered)):
            return EvidenceVerdict.DIFFERS
        if any(said.text for said in sources):
            return EvidenceVerdict.AGREES
        return EvidenceVerdict.REGISTERED if self.registered.text else EvidenceVerdict.UNKNOWN

    @property
    def differs(self):
        return self.verdict == EvidenceVerdict.DIFFERS


@dataclass(frozen=True)
class Reading:
    """How far somebody reads a case: all in full after a look, or what differs.

    `opens_differences` is for whoever holds the case: what the sources say differently is what the
    decision needs. `hides_contact`: phone and address are those of a guardian whose part is over.
    """

    is_disclosed: bool = False
    opens_differences: bool = False
    hides_contact: bool = False


def rows(card_request, *, earlier, submitted_on, reading):
    """The values of `card_request`: differences first, values without evidence last.

    `earlier` is the request that led to the card before, or the last one, with its particulars, or
    None. `submitted_on` is the day for which the age is computed. What `is_opened` has to be
    recorded as a look.
    """
    found = [
        *_personal(card_request, earlier, submitted_on, reading),
        *_of_the_card(card_request, earlier),
        *_of_the_guardian(card_request),
    ]
    return sorted(found, key=lambda row: _ORDER[row.verdict])


def _personal(card_request, earlier, submitted_on, reading):
    given = card_request.particulars
    told = id_numbers.told_by(given.id_number)
    household = registry.of_household() if reading.hides_contact else []
    for declared in registry.every():
        if declared.step == FieldStep.PORTRAIT:
            continue
        if declared in household:
            hidden = shown(declared.words(given), "case.former_contact")
            yield EvidenceRow(declared.label, hidden and f"{hidden}（{_FORMER}）")
            continue
        evidence = _compared(declared, card_request, earlier, told, is_full=reading.is_disclosed)
        if evidence.differs and declared.is_masked("case"):
            if reading.opens_differences and not reading.is_disclosed:
                evidence = _compared(declared, card_request, earlier, told, is_full=True)
                evidence = replace(evidence, is_opened=True)
        elif declared.name == "birth_date" and not reading.is_disclosed:
            evidence = without_text(evidence)
        yield evidence
        if declared.name == "birth_date":
            yield _age(given, told, submitted_on)


def _compared(declared, card_request, earlier, told, *, is_full):
    """The `EvidenceRow` of one declared field; in full, or as the place `case` masks it."""
    given = card_request.particulars
    before = earlier.particulars if earlier else None

    def text(row):
        return declared.shown(row, "case", has_looked=is_full, write_day=full_date)

    def said_by(source):
        if source is None or declared.says_nothing(source):
            return NOTHING
        return Said(text(source), declared.values(source) != declared.values(given))

    row = row_on_file(declared, card_request)
    is_registered = row is not None and row.user_id is None
    return EvidenceRow(
        declared.label,
        text(given),
        roster=said_by(None if is_registered else row),
        registered=said_by(row if is_registered else None),
        number=_said_by_number(told, given, declared.name, is_full=is_full),
        earlier=said_by(before if declared.is_compared_with_earlier else None),
        is_of_code=declared.codes is not None,
    )


SAME = "一致"
_FORMER = "监护人的，已移交，等本人填写"


def without_text(row):
    """`row` without its values, if no source says otherwise: then nobody has to read them.

    With a birth date the masked ID number would leave seven candidates.
    """
    sources = {name: getattr(row, name) for name in ("roster", "registered", "number", "earlier")}
    if any(said.differs for said in sources.values()) or not any(
        said.text for said in sources.values()
    ):
        return row
    told = {name: Said(SAME) if said.text else said for name, said in sources.items()}
    return replace(row, given="（不显示，各处一致）", **told)


def _said_by_number(told, given, name, *, is_full):
    if told is None:
        return NOTHING
    match name:
        case "id_number":
            is_right = told.is_check_character_right
            return Said("校验位正确" if is_right else "校验位不对", not is_right)
        case "birth_date":
            born = shown_after_look(told.birth_date, "case.birth_date", is_full)
            return Said(str(born), told.birth_date != given.birth_date)
        case "sex":
            return Said(Sex(told.sex).label, told.sex != given.sex)
    return NOTHING


def _age(given, told, day):
    def years(born):
        return f"{id_numbers.age(born, day=day)} 周岁"

    by_date = years(given.birth_date)
    number = NOTHING if told is None else Said(years(told.birth_date))
    return EvidenceRow(
        "提交时的年龄", by_date, number=Said(number.text, bool(told) and number.text != by_date)
    )


def _of_the_card(card_request, earlier):
    """City and bank beside those of the card before, or of the last request."""
    before = card_request.old_card or earlier
    for name, label in (("city", "申领地区"), ("bank", "发卡银行")):
        mine = getattr(card_request, name)
        other = getattr(before, name) if before else None
        said = NOTHING if other is None else Said(other.name, other != mine)
        yield EvidenceRow(label, mine.name, earlier=said, is_of_code=True)


def _of_the_guardian(card_request):
    """The relation beside the one that follows from both sexes."""
    guardian = card_request.particulars.guardian
    if guardian is None:
        return
    pair = (guardian.sex, card_request.holder.sex)
    fitting = [relation for relation, sexes in SEXES.items() if sexes == pair]
    given = card_request.particulars.guardian_relation
    said = Said(Relation(fitting[0]).label, fitting[0] != given) if fitting else NOTHING
    yield EvidenceRow("监护关系", card_request.particulars.get_guardian_relation_display(), said)


def submitted_on(events, card_request):
    """The day of the submission among the `events` of `card_request`, in Beijing."""
    moments = [event.at for event in events if event.action == RequestAction.SUBMIT]
    return day_of(moments[-1] if moments else card_request.status_since)
