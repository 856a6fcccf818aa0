"""The kept counts are what the book of events says, and the events are counted in time."""

from apps.common.integrity import PATIENCE, About, Invariant
from apps.reporting import kept, scan
from apps.reporting.models import TALLIES

MOST = 20


def _differ(at):
    """The keys whose number differs; nothing while too much is not counted yet."""
    with kept.counts() as counts:
        if counts.uncounted:
            return
        wanted = scan.tallies()
        for tally in TALLIES:
            found, right = counts.by(tally, *tally.KEY), wanted[tally]
            for key in sorted(found.keys() | right.keys()):
                if found.get(key, 0) != right[key]:
                    words = "、".join(map(str, key))
                    title = tally._meta.verbose_name
                    yield f"{title} {words}：{found.get(key, 0)}，应为 {right[key]}"


def _not_counted(at):
    return kept.unseen().filter(at__lte=at - PATIENCE).order_by("pk")[:MOST]


INVARIANTS = [
    Invariant("统计的件数和办理记录相符", _differ),
    Invariant("办理记录都按时计入统计", _not_counted, About.WORK),
]
