"""Whose data an account was shown in a time, and which: what has to be told after a leak.

个人信息保护法第五十七条 wants the persons, the kinds of data and the cause. It is read from the
book of events, the rows of the files that were downloaded, and the rosters that were uploaded.
A case that was opened, and neither decided nor looked at in full, left no event. Each sign-in
counts as well: the pages of the portal show the data of the account's holder and the children.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from apps.common.visibility import shown
from apps.desk import event_kinds
from apps.events.enums import Channel
from apps.events.models import Event
from apps.exports import columns, files
from apps.exports.enums import ExportFormat
from apps.exports.models import ExportedRequest
from apps.exports.personal_data import file_of
from apps.handout import looks as handout_looks
from apps.handout.event_kinds import DEPARTMENT
from apps.my_data.event_kinds import MY_DATA, MyDataAction
from apps.people.event_kinds import ACCOUNT, AccountAction
from apps.people.models import Guardianship, Holder
from apps.roster.models import RosterRow, RosterUpload

AT_WORK = "姓名、照片，遮盖的号码和地址"
ON_OWN_PAGES = "门户各页：遮盖的号码，填写页上的手机号、地址，照片"
_SIGN_IN = AccountAction.SIGN_IN
_IN_FULL = (MyDataAction.LOOK, MyDataAction.COPY)
CHUNK = 500


@dataclass(frozen=True)
class Sight:
    """One time at which data were shown. `holder_id` is None where no person can be told."""

    holder_id: int | None
    at: datetime
    how: str
    what: str
    reason: str = ""


@dataclass
class SeenPerson:
    """All that was shown of one person. `told_through` are accounts by which to reach the person:
    the own one, or those of the guardians.
    """

    holder: Holder
    sights: list[Sight] = field(default_factory=list)
    told_through: list[str] = field(default_factory=list)

    @property
    def what(self):
        return "；".join(dict.fromkeys(sight.what for sight in self.sights))

    @property
    def last_at(self):
        return max(sight.at for sight in self.sights)


def sights_of(user, *, since, until) -> Iterator[Sight]:
    """Every `Sight` of the account `user` from the moment `since` to the moment `until`."""
    span = {"by": user, "at__gte": since, "at__lt": until}
    events = Event.objects.filter(**span).order_by("pk")
    yield from _looks(events.looks())
    yield from _lists(events)
    yield from _own_pages(user, since, until)
    yield from _own_data(events)
    yield from _work(events)
    yield from _exports(events)
    yield from _rosters(user, since, until)


def persons_of(sights):
    """(`SeenPerson`s, the last seen first; the `Sight`s of which no person can be told)."""
    found: dict[int, SeenPerson] = {}
    unknown: list[Sight] = []
    by_person: dict[int, list[Sight]] = {}
    merged = dict(Holder.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    for sight in sights:
        if sight.holder_id is None:
            unknown.append(sight)
        else:
            by_person.setdefault(merged.get(sight.holder_id, sight.holder_id), []).append(sight)
    keys = list(by_person)
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        reached = _accounts(part)
        for holder in Holder.objects.filter(pk__in=part):
            found[holder.pk] = SeenPerson(holder, by_person[holder.pk], reached.get(holder.pk, []))
    return sorted(found.values(), key=lambda person: person.last_at, reverse=True), unknown


def _looks(looks):
    of_many = (event_kinds.EXPORT_FILE.name, DEPARTMENT.name)
    for event in looks.exclude(subject_kind__in=of_many):
        if event.subject_kind == event_kinds.ROSTER_FILE.name:
            rows = RosterRow.objects.filter(upload=event.subject_id).exclude(problems=[])
            for holder_id in rows.values_list("holder_id", flat=True):
                yield Sight(holder_id, event.at, event.label, "名册里的原来内容", event.reason)
        else:
            what = event.facts.get("what") or "回盘的一行原文"
            yield Sight(event.holder_id, event.at, event.label, what, event.reason)


def _lists(events):
    """The lists of names of the hand-out desk and of the contact persons."""
    for event in events.looks().of_kind(DEPARTMENT):
        for holder_id in handout_looks.holders_in(event):
            yield Sight(holder_id, event.at, event.label, handout_looks.SHOWN)


def _own_data(events):
    """我的信息 in full, and its copies; a child's by its guardian."""
    for event in events.of_kind(MY_DATA).filter(action__in=_IN_FULL):
        persons = Holder.objects.filter(reference__in=event.facts.get("persons", []))
        for holder_id in persons.values_list("pk", flat=True):
            yield Sight(holder_id, event.at, event.label, MY_DATA.label + "的全部内容")


def _own_pages(user, since, until):
    """What the portal shows to whoever is signed in as `user`."""
    own = getattr(user, "holder", None)
    if own is None:
        return
    children = Guardianship.objects.confirmed().filter(guardian=own)
    begun = {"at__gte": since - timedelta(seconds=settings.SESSION_COOKIE_AGE), "at__lt": until}
    for event in Event.objects.of_kind(ACCOUNT).filter(by=user, action=_SIGN_IN, **begun):
        of_then = children.filter(created_at__lte=event.at, ends_at__gt=event.at)
        for holder_id in (own.pk, *of_then.values_list("ward", flat=True)):
            yield Sight(holder_id, event.at, event.label, ON_OWN_PAGES)


def _work(events):
    """What was done at the desk: whoever decides on a case has it in view."""
    at_the_desk = events.filter(channel=Channel.ADMIN, holder_id__isnull=False)
    looked = Q(pk__in=events.looks().values("pk"))
    for event in at_the_desk.exclude(looked):
        yield Sight(event.holder_id, event.at, f"办理（{event.label}）", AT_WORK)


def _exports(events):
    for event in events.of_kind(event_kinds.EXPORT_FILE):
        what = _in_file(event.facts)
        rows = ExportedRequest.objects.filter(export=event.subject_id)
        for holder_id in rows.values_list("card_request__holder", flat=True).iterator():
            yield Sight(holder_id, event.at, "导出文件", what, event.reason)


def _in_file(facts):
    if "receiver" in facts:
        return file_of(facts)
    is_full = bool(facts.get("is_full"))
    masked = "、".join(column.label for column in columns.columns() if column.is_masked)
    return f"{masked}（{'完整' if is_full else '遮盖'}），申请的各项"


def _rosters(user, since, until):
    uploads = RosterUpload.objects.filter(by=user, at__gte=since, at__lt=until)
    rows = RosterRow.objects.filter(upload__in=uploads, holder__isnull=False)
    for holder_id, at in rows.values_list("holder_id", "upload__at"):
        yield Sight(holder_id, at, "上传人事名册", "名册里的各项")


def _accounts(holders):
    """Holder → the employee numbers by which to reach the person."""
    found: dict[int, list[str]] = {}
    own = Holder.objects.filter(pk__in=holders, user__isnull=False)
    guardians = Guardianship.objects.confirmed().filter(ward__in=holders)
    for holder_id, number in (
        *own.values_list("pk", "user__employee_number"),
        *guardians.values_list("ward", "guardian__user__employee_number"),
    ):
        found.setdefault(holder_id, []).append(number)
    return found


# The columns of the list; names are masked, because the list travels.
_LIST = (
    columns.Column("持卡人编号", lambda person: person.holder.reference, 20),
    columns.Column("姓名（遮盖）", lambda person: shown(person.holder.name, "export.name")),
    columns.Column("通知谁（工号）", lambda person: "、".join(person.told_through), 20),
    columns.Column("看到的内容", lambda person: person.what, 60),
    columns.Column("次数", lambda person: len(person.sights), 6),
    columns.Column("最近一次", lambda person: person.last_at, 20),
    columns.Column("怎样看到的", lambda person: _ways(person.sights), 30),
)


def write(persons, unknown, *, target):
    """Write the list as CSV to the binary file `target`; what is of nobody known comes last."""
    rows = [[column.value(person) for column in _LIST] for person in persons]
    rows += [["", "认不出是谁", "", each.what, 1, each.at, each.how] for each in unknown]
    files.write(rows, _LIST, format=ExportFormat.CSV, target=target)


def _ways(sights):
    return "、".join(dict.fromkeys(sight.how for sight in sights))
