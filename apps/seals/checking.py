"""Checks every seal against the book: changed, removed and slipped-in events, heads, signatures."""

from dataclasses import dataclass, field

from django.db.models import Count, Max, Min

from apps.common.templatetags.formats import moment
from apps.events.models import Event
from apps.seals import canonical, checkpoints, cosignatures
from apps.seals.enums import CopyChannel
from apps.seals.models import HeadCopy, Leaf, TreeHead
from apps.seals.overdue import slipped_in
from apps.seals.regrowing import Regrown, SealedOrder
from apps.seals.tree import Frontier

CHUNK = 5000
# Findings that are told; whoever rewrites a table breaks every row after it.
MOST = 50


@dataclass
class Verdict:
    """How much was checked, and every finding in words without personal data, the first first."""

    heads: int = 0
    leaves: int = 0
    cosigned: int = 0  # heads that carry the signature of a witness we know
    findings: list[str] = field(default_factory=list)

    @property
    def is_sound(self):
        return not self.findings


def verify(*, outside=()):
    """Recompute the whole tree from the book and compare it with every head. A `Verdict`.

    Each event is hashed again, each root is computed again from the first leaf on (so every head
    is a beginning of the next one), and each signature is checked. `outside` are the texts of
    heads that were kept elsewhere: the tree must have had these roots too. What is sealed meanwhile
    is left out.
    """
    verdict = Verdict()
    keys = checkpoints.known_keys()
    heads = list(TreeHead.objects.order_by("number"))
    expected = _expected(heads, keys, outside, verdict)
    size = heads[-1].size if heads else 0
    subtrees = Regrown()
    _walk(size, expected, verdict, order=SealedOrder(heads), subtrees=subtrees)
    _check_the_end(verdict)
    if verdict.is_sound and (wrong := subtrees.first_wrong()):
        _tell(verdict, wrong)
    for event_id in slipped_in().values_list("pk", flat=True)[:MOST]:
        _tell(verdict, f"办理记录 #{event_id} 是后来插入的：比它晚的记录早已存证，它没有存证。")
    verdict.heads = len(heads)
    return verdict


def _tell(verdict, finding):
    if len(verdict.findings) < MOST:
        verdict.findings.append(finding)


def _expected(heads, keys, outside, verdict):
    """{size: [(root, how the head is called)]} of all heads; tells which are not what they say."""
    expected: dict[int, list[tuple[bytes, str]]] = {}
    before = None
    for head in heads:
        name = f"树头 {head.number} "
        if head.number != (before.number + 1 if before else 1):
            _tell(verdict, f"{name}前面少了树头。")
        if before and (head.size <= before.size or head.sealed_at < before.sealed_at):
            _tell(verdict, f"{name}比前一个小，或比前一个早。")
        try:
            checkpoints.opened_as_own(head.note, keys)
        except checkpoints.BadNote as why:
            _tell(verdict, f"{name}的签名不对：{why}。")
        expected.setdefault(head.size, []).append((bytes(head.root), name))
        before = head
    _check_cosignatures(verdict)
    for text in outside:
        try:
            kept = checkpoints.opened_as_own(text, keys)
        except checkpoints.BadNote as why:
            _tell(verdict, f"另存的树头不能用：{why}。")
            continue
        name = f"另存的树头 {kept.number}（{moment(kept.sealed_at)}）"
        expected.setdefault(kept.size, []).append((kept.root, name))
    return expected


def _check_cosignatures(verdict):
    """The last answer of each witness is its signature below the head that it was sent."""
    keys = cosignatures.known_keys()
    copies = HeadCopy.objects.filter(channel=CopyChannel.WITNESS, sent_number__gt=0)
    for copy in copies.order_by("pk") if keys else ():
        head = TreeHead.objects.filter(number=copy.sent_number).first()
        if head is None or not cosignatures.witnesses(head.checkpoint.text, copy.answer, keys):
            _tell(verdict, f"见证方 {copy.target} 对树头 {copy.sent_number} 的副签不对。")
        else:
            verdict.cosigned += 1


def _walk(size, expected, verdict, *, order, subtrees):
    """Hash every leaf's event again; compare the root with each head on the way.

    Only the first head with another root is told: the roots of those after it follow. `order`, a
    `SealedOrder`, and `subtrees`, a `Regrown`, are given every leaf as well.
    """
    frontier, named, since, is_broken = Frontier(), 0, 0, False
    for leaves in _chunks(size):
        events = _columns_of([leaf[1] for leaf in leaves])
        for number, event_id, salt, digest in leaves:
            finding = _compare(frontier.size, number, events.get(event_id), event_id, salt, digest)
            if finding:
                named += 1
                _tell(verdict, finding)
            frontier.add(bytes(digest))
            subtrees.add(bytes(digest))
            for finding in order.findings(number, event_id):
                _tell(verdict, finding)
            for root, name in expected.pop(frontier.size, ()):
                if root != frontier.root and not is_broken:
                    is_broken = True
                    _tell(verdict, _mismatch(name, since, frontier.size, is_named=named))
                since, named = frontier.size, 0
    verdict.leaves = frontier.size
    for missing, heads in sorted(expected.items()):
        for _, name in heads:
            left = f"现在只剩 {frontier.size} 条存证：后面的没有了。"
            _tell(verdict, f"{name}有 {missing} 条记录，{left}")


def _check_the_end(verdict):
    """Leaves and their head are written at once, so the newest head covers the last leaf."""
    last = Leaf.objects.aggregate(last=Max("number"))["last"]
    newest = TreeHead.objects.order_by("-number").first()
    size = newest.size if newest else 0
    if last is not None and last >= size:
        _tell(verdict, f"第 {size} 条起的存证没有树头：后面的树头没有了。")


def waiting():
    """{count, since, until} of the events that no head covers yet."""
    newest = TreeHead.objects.order_by("-number").first()
    later = Event.objects.filter(pk__gt=newest.last_event_id if newest else 0)
    return later.aggregate(count=Count("pk"), since=Min("at"), until=Max("at"))


def _columns_of(event_ids):
    """{key: columns} of the events that are there."""
    rows = Event.objects.filter(pk__in=event_ids).values_list(*canonical.COLUMNS)
    return {row[0]: row for row in rows}


def _chunks(size):
    """The leaves below `size` as lists of (number, key of the event, salt, digest)."""
    columns = ("number", "event_id", "salt", "digest")
    last = -1
    while True:
        rows = Leaf.objects.filter(number__gt=last, number__lt=size).order_by("number")
        leaves = list(rows.values_list(*columns)[:CHUNK])
        if not leaves:
            return
        last = leaves[-1][0]
        yield leaves


def _compare(place, number, event, event_id, salt, digest):
    """What is wrong with one leaf, "" if nothing is. `event` are the columns, or None."""
    if number != place:
        return f"第 {place} 条存证没有了（后面一条是第 {number} 条，办理记录 #{event_id}）。"
    if event is None:
        return f"办理记录 #{event_id} 没有了：它是第 {number} 条存证。"
    if canonical.digest(bytes(salt), event) != bytes(digest):
        return f"办理记录 #{event_id} 被改过：和第 {number} 条存证不符。"
    return ""


def _mismatch(name, since, size, *, is_named):
    if is_named:
        return f"{name}的根对不上：上面所列的存证也被改过。"
    return f"{name}的根对不上：第 {since} 至 {size - 1} 条存证里有的连同记录一起被改过。"
