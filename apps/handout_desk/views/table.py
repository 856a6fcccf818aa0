"""The table: cards change hands by scan, by number and photo, by proxy; and back by mistake."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.common import references
from apps.common.addresses import row_url
from apps.common.browser_permissions import uses_camera
from apps.common.nudges import nudge
from apps.common.refusals import Refused
from apps.common.served_files import picture_response
from apps.common.visibility import shown
from apps.desk.colleagues import told
from apps.events.enums import Channel
from apps.handout import codes, departments, handing, reminders, tasks
from apps.handout.enums import BoxCardStatus, DepartmentAction, HandedWay
from apps.handout.models import BoxCard, Department
from apps.handout.policies import undo_until
from apps.handout_desk import lists
from apps.handout_desk.forms import LetterForm, ScanForm
from apps.handout_desk.views.pages import attempt, give_back, handers_only, show
from apps.people.models import Holder
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from

TABLE = "admin:handout_boxcard_changelist"
PERSON = "admin:handout_boxcard_change"
SHOWN = 12
ALL = "all"  # in the address: everybody who waits, not the first `SHOWN`


@uses_camera
@handers_only
@require_safe
def table(request):
    """The remainder as a number, the field that waits for a scan, the card handed out last."""
    at, department = timezone.now(), chosen(request.GET)
    if ALL in request.GET:
        record(request, DepartmentAction.LOOK, department, at=at)
    return _table(request, department=department, last=_last(request, at=at))


def record(request, action, department, *, at):
    """Write down that a whole list of names is shown: of `department`, or of all of them."""
    departments.record(
        department=department, action=action, by=request.user, at=at, channel=Channel.ADMIN
    )


def chosen(data):
    """The department of `?department=`; None for everybody. 404 for an unknown one."""
    if not data.get("department"):
        return None
    return get_object_or_404(Department, reference=references.in_data(data, "department"))


def _last(request, *, at):
    """The card that this member of the staff handed out last, while it can be taken back."""
    rows = lists.handed_out()
    mine = rows.filter(reference=references.in_data(request.GET, "last")).first()
    return mine if mine and at < undo_until(mine) else None


def _table(request, *, department, last=None, form=None, found=None, elsewhere=()):
    waiting, handed = lists.waiting(department), lists.handed_out(department)
    return show(
        request,
        "handout_desk/table.html",
        title=f"{department.name if department else '全校'}领卡",
        department=department,
        departments=Department.objects.filter(cards__isnull=False).distinct().order_by("name"),
        form=form or ScanForm(),
        last=last,
        last_has_photo=last is not None and lists.photo_of(last) is not None,
        found=lists.with_photos(found or ()),
        elsewhere=elsewhere,
        left=waiting.count(),
        done=handed.count(),
        waiting=lists.with_photos(waiting if ALL in request.GET else waiting[:SHOWN]),
        handed=handed[:SHOWN],
        to_return=lists.waiting().filter(status=BoxCardStatus.TO_RETURN).count(),
        query=f"?department={department.reference}" if department else "",
    )


def _to_table(request, row=None):
    last = {"last": row.reference} if row else {}
    return redirect(with_department(reverse(TABLE), chosen(request.POST), **last))


def _to_person(row, department, **more):
    return redirect(with_department(row_url(PERSON, row.reference), department, **more))


def with_department(address, department, **more):
    """`address` with the department whose cards the table shows, so that it comes back to them."""
    query = ({"department": department.reference} if department else {}) | more
    return f"{address}?{urlencode(query)}" if query else address


@uses_camera
@handers_only
@posted_from(TABLE)
def scan(request):
    """A code hands the card out at once; a number or a name leads to the person's photo."""
    at, department, form = timezone.now(), chosen(request.POST), ScanForm(request.POST)
    if not form.is_valid():
        return _table(request, department=department, form=form)
    text = form.cleaned_data["text"]
    if codes.looks_like_one(text):
        return _scan_code(request, form, text, department=department, at=at)
    found = lists.found_by(text)
    if len(found) == 1:
        return _to_person(found[0], department)
    elsewhere = [] if found else lists.elsewhere(text)
    if elsewhere:
        form.add_error("text", "没有这个工号或姓名的待领卡。这个人的卡列在「不在待领里的」。")
    elif not found:
        form.add_error("text", "没有这个工号或姓名的卡，请核对。寄给本人的、还在制的不在这里。")
    return _table(request, department=department, form=form, found=found, elsewhere=elsewhere)


def _scan_code(request, form, text, *, department, at):
    """Hand out the card whose code was read; a proxy's work card is looked at first."""
    row = None
    try:
        row, way, _ = handing.scanned(text, at=at)
        if way.is_by_proxy:
            return _to_person(row, department, proxy="1")
        handing.hand_out(box_card=row, way=way, by=request.user, at=at)
    except Refused as refusal:
        gone, words = [], told(refusal, by=request.user)
        if row is not None and (gone := lists.gone(row)):
            name = shown(row.holder.name, "table.name")
            words = f"{name}的卡列在「不在待领里的」。{words}"
        form.add_error("text", words)
        # Nobody mends a code, and a reader would write the next one beside it.
        form.data = form.data.copy()
        form.data["text"] = ""
        return _table(request, department=department, form=form, elsewhere=gone)
    return _to_table(request, row)


def _find(reference):
    rows = BoxCard.objects.exclude(holder=None).exclude(card_request=None)
    return get_object_or_404(rows.select_related(*handing.RELATED), reference=reference)


@handers_only
@require_safe
def person(request, reference):
    """The photo, large, beside the name: is it the person in front of the table?"""
    return _person(request, _find(reference), at=timezone.now())


def _person(request, row, *, at, letter=None, typed=()):
    proxy = row.proxy_at(at)
    return show(
        request,
        "handout_desk/person.html",
        title="核对照片",
        row=row,
        department=chosen(request.POST or request.GET),
        letter=letter or LetterForm(),
        typed=typed,
        proxy=proxy,
        is_proxy=request.GET.get("proxy") == "1" and proxy is not None,
        is_child=not row.holder.is_of_age(at),
        can_undo=row.is_handed_out and at < undo_until(row),
        has_photo=lists.photo_of(row) is not None,
    )


@handers_only
@posted_from(PERSON)
def hand_out(request, reference):
    """To the person whose photo was looked at, or to the proxy whom they named."""
    row = _find(reference)
    # The colleague whose work card the page asked to look at.
    named = references.in_data(request.POST, "proxy")
    way = HandedWay.PROXY if "proxy" in request.POST else HandedWay.NUMBER
    verb = partial(
        handing.hand_out,
        box_card=row,
        way=way,
        proxy=Holder.objects.filter(reference=named).first(),
        by=request.user,
        at=timezone.now(),
    )
    if not attempt(request, verb, done="已交卡。"):
        return _to_person(row, chosen(request.POST))
    return _to_table(request, row)


@handers_only
@posted_from(PERSON)
def letter(request, reference):
    """To a proxy with a letter of authorisation."""
    at = timezone.now()
    row, form = _find(reference), LetterForm(request.POST)
    if not form.is_valid():
        return _person(request, row, at=at, letter=form)
    try:
        handing.hand_out(
            box_card=row,
            way=HandedWay.LETTER,
            proxy_name=form.cleaned_data["proxy_name"],
            by=request.user,
            at=at,
        )
    except Refused as refusal:
        row = _find(reference)
        if row.can_be_had:
            form.add_error("proxy_name", told(refusal, by=request.user))
            return _person(request, row, at=at, letter=form)
        messages.error(request, told(refusal, by=request.user))
        return _person(request, row, at=at, typed=said(form))
    messages.success(request, "已交给代领人。")
    return _to_table(request, row)


@handers_only
@posted_from(TABLE)
def take_back(request, reference):
    verb = partial(handing.take_back, box_card=_find(reference), by=request.user, at=timezone.now())
    attempt(request, verb, done="已收回，这张卡又在待领里了。")
    return _to_table(request)


@handers_only
@require_safe
def photo(request, reference):
    return picture_response(lists.photo_of(_find(reference)))


@handers_only
@posted_from(TABLE)
def remind(request):
    """Remind everybody who has not come, but nobody who was told lately."""
    at, department = timezone.now(), chosen(request.POST)
    rows = BoxCard.objects.waiting(at)
    rows = rows if department is None else rows.filter(department=department)
    done = reminders.remind_now(rows=rows, by=request.user, at=at)
    messages.success(request, f"已提醒 {done} 人。最近通知过的没有再提醒。")
    nudge(tasks.advance_boxes)
    return _to_table(request)


@handers_only
@posted_from(TABLE)
def return_due(request):
    """What was kept long enough goes back to the bureau."""
    rows = BoxCard.objects.filter(status=BoxCardStatus.TO_RETURN)
    give_back(request, rows)
    return _to_table(request)
