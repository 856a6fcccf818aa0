"""The reviewers' list of requests: what waits, what narrows it, who holds what, and the search.

The filter is in the URL, so that it can be linked; the last choice is remembered for a reviewer who
comes back from a case. A search term is posted, because a name or number in a URL would be in logs
and in the browser history.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.cards.models import CardRequest
from apps.case_list import filter_form, lines, pages
from apps.case_list.rows import asks, of_keys, rows, with_columns
from apps.case_list.tools import asks_lists, lists_of, tools_for
from apps.case_search import services as case_search
from apps.case_search.forms import SearchForm
from apps.case_search.search import MOST
from apps.common.csrf_tokens import get_token
from apps.desk import roles
from apps.desk.absences.policies import asks_why_absent, why_absent
from apps.desk.claims import walk
from apps.desk.gates import readers_only
from apps.queries.together import read_together
from apps.regions.models.holidays import asks_calendar
from apps.review import filters, queue
from apps.review.enums import Held, QueueStage, Sort
from apps.review.filters import RequestFilter, as_query

LIST = "admin:cards_cardrequest_changelist"
REMEMBERED = "review_queue"  # the session's key of the last choice
NOTHING = urlencode({"stage": QueueStage.WAITING})  # what takes a remembered choice back
_TABS: tuple[tuple[str, dict[str, str]], ...] = (
    ("待审核", {}),
    ("没有人领办", {"held": Held.FREE}),
    ("我领办的", {"stage": QueueStage.ALL, "held": Held.MINE}),
    ("我稍后办的", {"held": Held.POSTPONED}),
    ("转给我的", {"held": Held.REFERRED}),
    ("重新提交", {"stage": QueueStage.RESUBMITTED}),
    ("制卡失败", {"stage": QueueStage.FAILED}),
    ("请求修改", {"stage": QueueStage.ASKED}),
    ("已超期", {"stage": QueueStage.LATE}),
    ("等申请人修改", {"stage": "NEEDS_AMENDMENT"}),
    ("全部", {"stage": QueueStage.ALL}),
)
_SECOND_REVIEW: tuple[str, dict[str, str]] = ("待复核", {"stage": QueueStage.SECOND_REVIEW})


@readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def requests(request):
    at = timezone.now()
    if request.method == "POST":
        return _found(request, at)
    with read_together(*_asks(request, at)):
        own = lists_of(request.user)
        if not request.GET and (query := _opens_on(request, own)):
            return redirect(f"{request.path}?{query}")
        return _waiting(request, own, at)


def _asks(request, at):
    """What is read in any case, and what the list without a choice begins with."""
    by = request.user
    is_plain = not request.GET and not request.session.get(REMEMBERED)
    first = queue.LIST.asks_first_keys(by=by, at=at) if is_plain else None
    return asks_lists(by), asks_why_absent(by=by, at=at), asks_calendar(), first


def _opens_on(request, own):
    """The query string of the last choice of this session; of the first visit, the first list."""
    if REMEMBERED in request.session:
        return request.session[REMEMBERED]
    return own.first.query if own.first else ""


def _waiting(request, own, at):
    form = RequestFilter.read(request.GET)
    choice = form.choice
    cursors = {
        name: request.GET[name]
        for name in ("after", "before")
        if pages.is_cursor(request.GET.get(name, ""))
    }
    if choice or cursors:
        narrowed = form.narrow(CardRequest.objects.all(), user=request.user, at=at)
        page, count = pages.page_and_number(
            narrowed,
            read=of_keys,
            since=form.order.column,
            newest_first=form.order.is_newest_first,
            **cursors,
        )
        return _narrowed(request, own, form, page, count, cursors, at=at)
    keys = queue.LIST.first_keys(by=request.user, at=at)
    with read_together(*_asks_of(keys, by=request.user, at=at)):
        page, count = pages.beginning(queue.LIST, keys, by=request.user, at=at, read=of_keys)
        return _narrowed(request, own, form, page, count, cursors, at=at)


def _asks_of(keys, *, by, at):
    """What the first page of the list without a choice shows."""
    has_more = len(keys) > pages.SIZE
    beside = queue.LIST.asks_beside_the_first(by=by, at=at, has_more=has_more)
    return [*asks(keys[: pages.SIZE], user=by, at=at), *beside]


def _narrowed(request, own, form, page, count, cursors, *, at):
    """The list that `form` narrows: its `page` at `cursors`, and how many there are."""
    choice = form.choice
    _remember(request, choice | cursors)
    context = {
        "filter": form,
        "filter_form": filter_form.drawn(form, list_url=request.path, at=at),
        "removals": [(label, text, rest or NOTHING) for label, text, rest in form.removals],
        "nothing": NOTHING,
        "tabs": _tabs(choice),
        "sorts": _sorts(form),
        "own": own,
        "own_lists": own.shown(form.query or NOTHING, request.GET.urlencode()),
        "count": count,
        "put_away": _put_away(form, request.user, at),
        "put_away_query": urlencode({"held": Held.POSTPONED}),
        "query": form.query or NOTHING,
        "previous": as_query(choice | {"before": page.before}) if page.before else "",
        "following": as_query(choice | {"after": page.after}) if page.after else "",
        "search": SearchForm(),
        "tools": tools_for(request.user),
    }
    return _page(
        request,
        page.requests,
        context,
        at=at,
        form=form,
        query=as_query(choice | cursors) or NOTHING,
    )


def _sorts(form):
    """{column: how it is sorted now, as aria-sort and an arrow say it, and how to turn it}."""
    ways, found = {True: ("descending", "↓"), False: ("ascending", "↑")}, {}
    for column in (Sort.WAITED_LONGEST, Sort.HANDED_IN_FIRST):
        is_now = form.order.column == column.column
        turned = form.order.turned if is_now else column
        way, arrow = ways[form.order.is_newest_first] if is_now else ("", "")
        found[column.value] = {
            "way": way,
            "arrow": arrow,
            "words": turned.label,
            "query": as_query(form.choice | {"sort": turned.value}),
        }
    return found


def _put_away(form, user, at):
    """How many of the waiting cases `user` has put away, beside a list without them."""
    if not form.is_waiting or form.is_of_postponed:
        return 0
    return queue.LIST.count_put_away(by=user, at=at)


def _found(request, at):
    form = SearchForm(request.POST)
    found, has_more = [], False
    if form.is_valid():
        found, has_more = case_search.find(term=form.cleaned_data["q"], by=request.user, at=at)
    listed = with_columns(CardRequest.objects.filter(pk__in=found)).order_by("-waits_since", "-pk")
    context = {
        "search": form,
        "searched": form.cleaned_data.get("q", ""),
        "has_more": has_more,
        "most": MOST,
    }
    return _page(request, list(listed), context, at=at)


def _page(request, listed, context, *, at, form=None, query=NOTHING):
    """The list that `form` finds, or without a filter all that waits.

    `query` is what its cases carry, for the way to the next one and back.
    """
    may_decide = request.user.has_perm(roles.DECIDE)
    away = why_absent(by=request.user, at=at)
    found = rows(
        listed,
        user=request.user,
        away=away,
        with_put_away=form is None or form.shows_put_away,
        at=at,
    )
    trail, token = walk.suffix(query), get_token(request)
    context |= {
        **admin.site.each_context(request),
        "title": "申请审核",
        "rows": found,
        "drawn": lines.drawn(found, trail=trail, csrf_token=token),
        "csrf_token": token,  # made once for all forms
        "trail": trail,
        "is_waiting": may_decide and _is_waiting(form, by=request.user, at=at),
        "away": away,
    }
    return render(request, "case_list/queue.html", context)


def _is_waiting(form, *, by, at):
    """Whether the list has a case for `by`; without a `form` the list of all that waits."""
    if form is None or not form.choice:
        return queue.LIST.has_one(by=by, at=at)
    return filters.listed_by(form, by=by, at=at).to_decide.exists()


def _tabs(choice):
    """(label, query string, whether it is shown now) of the choices that are made most."""
    others = {name: value for name, value in choice.items() if name not in ("stage", "held")}
    now = {name: choice[name] for name in ("stage", "held") if name in choice}
    tabs = (*_TABS, *((_SECOND_REVIEW,) if settings.REVIEW_SECOND_REVIEW else ()))
    return [
        (label, as_query({**chosen, **others}) or NOTHING, chosen == now) for label, chosen in tabs
    ]


def _remember(request, choice):
    query = as_query(choice)
    if request.session.get(REMEMBERED) != query:
        request.session[REMEMBERED] = query
