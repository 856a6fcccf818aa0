"""What waits at a desk, as its list shows it while nothing is chosen: the list that is read most.

The SQL is written once in each process, for each kind of reader (apps/queries/prepared.py). A list
of which something is chosen is a `walk.Listed`.
"""

from django.db.models import DateField, DateTimeField, Exists

from apps.common.moments import day_of
from apps.desk import keyset
from apps.desk.claims import walk
from apps.desk.models import Claim
from apps.desk.models.claim import latest_end, live_between
from apps.people.models import Holder, User
from apps.queries.prepared import PreparedQuery

MOST = 1000  # as far as a page counts; beyond it the page says "more"
FIRST = 26  # those of the first page, and one more


class WaitingList:
    """The cases of `model` in the condition `waits`, the one that waits longest first.

    `may_decide(cases, kind, account, person)` are those of `cases` that a reader decides, by the
    keys of the account and of its person, None without one; `kind_of(user)` is what else of the
    reader matters, as a value without a key. `since` is the column of the order, `queries` are the
    query strings by which addresses name this list.
    """

    def __init__(self, model, waits, *, may_decide, kind_of, since, queries):
        self._model, self._waits, self._since = model, waits, since
        self._may_decide, self._kind_of = may_decide, kind_of
        self.queries = queries
        self._prepared: dict[tuple, PreparedQuery] = {}

    def next_case(self, subject, *, by, at):
        """As `walk.next_case` of this list, for a reader who may decide."""
        found = self._read(self._free_after, by, at, subject)
        if found:
            return walk.NextCase(found[0], is_around=False)
        found = self._read(self._first_free, by, at, subject)
        return walk.NextCase(*found[0]) if found else walk.NextCase("", is_around=False)

    def first_keys(self, *, by, at):
        """The keys of what the list shows `by`, in its order: the first `FIRST`.

        Also what `by` may not decide; without what `by` has put away.
        """
        return self._read(self._first_shown, by, at)

    def count_shown(self, *, by, at):
        """How many cases the list shows `by`, up to `MOST` and one more."""
        return self._count(self._shown, by, at)

    def has_one(self, *, by, at):
        """Whether anything waits for `by` that `by` has not put away."""
        return bool(self._read(self._one, by, at))

    def count(self, *, by, at):
        """How many cases `has_one` speaks of, up to `MOST`."""
        return self._count(self._most, by, at)

    def count_put_away(self, *, by, at):
        """How many cases that wait for `by` are put away by `by`, up to `MOST`."""
        return self._count(self._put_away, by, at)

    # To be read together with others (apps/queries/together.py).

    def asks_first_keys(self, *, by, at):
        return self._asks(self._first_shown, by, at)

    def asks_beside_a_case(self, subject, *, by, at):
        """What `count` and, for all but the end of the list, `next_case` ask for."""
        return [self._asks(self._free_after, by, at, subject), self._asks_count(self._most, by, at)]

    def asks_beside_the_first(self, *, by, at, has_more):
        """What `has_one` and `count_put_away` ask for; `count_shown` too if it `has_more`."""
        counts = [self._put_away, *([self._shown] if has_more else [])]
        return [
            self._asks(self._one, by, at),
            *(self._asks_count(query, by, at) for query in counts),
        ]

    def _asks(self, query, by, at, subject=None):
        prepared, values = self._asked(query, by, at, subject)
        return prepared.asks(**values)

    def _asks_count(self, query, by, at):
        prepared, values = self._asked(query, by, at)
        return prepared.asks_count(**values)

    def _read(self, query, by, at, subject=None):
        return self._asks(query, by, at, subject).read()

    def _count(self, query, by, at):
        prepared, values = self._asked(query, by, at)
        return prepared.count(**values)

    def _asked(self, query, by, at, subject=None):
        """(`query` for a reader of the kind of `by`, prepared, and what it asks for)."""
        person = getattr(by, "holder", None)
        kind = self._kind_of(by)
        key = query.__name__, kind, person is None
        if key not in self._prepared:
            self._prepared[key] = PreparedQuery(
                lambda **given: query(kind, **given | ({"person": None} if person is None else {})),
                account=User,
                person=Holder,
                subject=self._model,
                moment=DateTimeField(),
                now=DateTimeField(),
                end=DateTimeField(),
                today=DateField(),
            )
        return self._prepared[key], {
            "account": by.pk,
            "person": person and person.pk,
            "subject": subject and subject.pk,
            "moment": subject and getattr(subject, self._since),
            "now": at,
            "end": latest_end(at),
            "today": day_of(at),
        }

    # What is asked, with parameters for all values.

    def _cases(self):
        return self._model._default_manager.filter(self._waits)

    def _away(self, account, today):
        return walk.put_away_by(self._model, account=account, today=today)

    def _to_decide(self, kind, account, person, today):
        cases = self._may_decide(self._cases(), kind, account=account, person=person)
        return cases.exclude(self._away(account, today))

    def _one(self, kind, account, person, today, **others):
        return self._to_decide(kind, account, person, today).values_list("pk", flat=True)[:1]

    def _most(self, kind, account, person, today, **others):
        return self._to_decide(kind, account, person, today).values_list("pk", flat=True)[:MOST]

    def _put_away(self, kind, account, person, today, **others):
        cases = self._may_decide(self._cases(), kind, account=account, person=person)
        return cases.filter(self._away(account, today)).values_list("pk", flat=True)[:MOST]

    def _listed(self, account, today):
        return self._cases().exclude(self._away(account, today))

    def _shown(self, kind, account, today, **others):
        return self._listed(account, today).values_list("pk", flat=True)[: MOST + 1]

    def _first_shown(self, kind, account, today, **others):
        cases = keyset.in_order(self._listed(account, today), self._since)
        return cases.values_list("pk", flat=True)[:FIRST]

    def _free(self, kind, account, person, today, now, end, subject):
        claims = Claim.objects.filter(live_between(now, end, today)).exclude(by=account)
        free = self._to_decide(kind, account, person, today).exclude(claim__in=claims)
        return free.exclude(pk=subject)

    def _first_free(self, kind, moment, account, today, subject, **given):
        """With whether `subject` is in the list, which was seen to its end then."""
        free = self._free(kind, account=account, today=today, subject=subject, **given)
        is_around = Exists(self._listed(account, today).filter(pk=subject))
        first = keyset.in_order(free.annotate(is_around=is_around), self._since)
        return first.values_list("reference", "is_around")[:1]

    def _free_after(self, kind, moment, subject, **given):
        free = self._free(kind, subject=subject, **given)
        after = keyset.in_order(keyset.beyond(free, self._since, (moment, subject)), self._since)
        return after.values_list("reference", flat=True)[:1]
