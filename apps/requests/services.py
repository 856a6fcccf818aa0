"""What applicants and reviewers do to a request. The worker's part is in sweeps.py.

Every verb is told who (`by`) and when (`at`), runs in one transaction, and raises a `Refused` that
says in Chinese why not.
"""

from django.db import IntegrityError, transaction

from apps.cards.enums import RequestAction, RequestKind, RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import role_of
from apps.cards.policies import check_may_review
from apps.common.moments import day_of
from apps.common.refusals import Refused, check_reason
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.people.models import Guardianship
from apps.requests import amendments, destination, picture_marks, registry
from apps.requests.models import Amendment, Particulars
from apps.requests.particulars import (
    for_new,
    for_update,
    missing_columns,
    of_roster,
    reasons_of,
)
from apps.requests.policies import (
    check_amendment,
    check_collectable,
    check_opened,
    check_own_draft,
    check_submittable,
)
from apps.requests.retention import empty_draft


class Incomplete(Refused):
    """Something required is not filled in; `fields` are the names of the empty ones."""

    def __init__(self, fields, labels):
        super().__init__(f"还没有填写：{'、'.join(labels)}。请填写后再提交。", code="incomplete")
        self.fields = fields


class DuplicateRequest(Refused):
    """The person has a request in flight already."""


def open_draft(*, holder, city, bank, by, at, kind=RequestKind.FIRST, old_card=None, reason=""):
    """Begin a request for `holder` and prefill what is known about the person.

    Guardianship is judged at the moment `at`. Raises `NotYours`, and
    `DuplicateRequest` when the database finds another request in flight.
    """
    role = role_of(by, holder, at=at)
    card_request = CardRequest(
        holder=holder,
        applicant=by,
        kind=kind,
        city=city,
        bank=bank,
        old_card=old_card,
        replacement_reason=reason,
    )
    try:
        with transaction.atomic():
            engine.begin(
                card_request, RequestAction.SAVE, by=by, role=role, at=at, channel=Channel.WEB
            )
            Particulars.objects.create(
                card_request=card_request, saved_at=at, saved_by=by, **_known(holder, by, role, at)
            )
    except IntegrityError as error:
        raise DuplicateRequest(
            "已有一件在办的申请，不能重复申请。请到「制卡进度查询」继续办理。", code="duplicate"
        ) from error
    return card_request


def _known(holder, by, role, at):
    """What the portal knows about the person already, so that nobody types it again."""
    known = of_roster(holder)
    guardian = None
    if role == Role.GUARDIAN:
        bonds = Guardianship.objects.active(at=at).select_related("guardian")
        bond = bonds.get(guardian__user=by, ward=holder)
        guardian = bond.guardian
        known |= {"guardian": guardian, "guardian_relation": bond.relation}
    typed = {
        declared.name: declared.known(holder, guardian)
        for declared in registry.on_form()
        if declared.known is not None
    }
    return known | for_new(typed)


@transaction.atomic
def save_draft(*, card_request, values, by, at):
    """Write `values` (column → value) to the particulars while the request is still a draft.

    `values` may be incomplete or wrong; completeness is judged by `submit`. Raises `NotYours`,
    and `NotAllowed` when the request has left the draft.
    """
    role_of(by, card_request.holder, at=at)
    check_own_draft(card_request, at=at)
    rows = Particulars.objects.filter(
        card_request=card_request, card_request__status=RequestStatus.DRAFT
    )
    if not rows.update(**for_update(rows, values), saved_at=at, saved_by=by):
        raise NotAllowed(
            "这件申请已经提交，不能再修改草稿。请到「制卡进度查询」查看。",
            code="wrong_status",
            row=card_request,
        )


@transaction.atomic
def change_destination(*, card_request, city, bank, by, at, reason="", shown=""):
    """Choose another city or bank, or for a replacement another reason, while it is a draft.

    `shown` is the hidden field of the page. Raises as `save_draft`, and `NotAsShown` when another
    window has chosen something else since.
    """
    role_of(by, card_request.holder, at=at)
    check_own_draft(card_request, at=at)
    destination.locked(card_request, city=city, bank=bank, reason=reason, shown=shown)
    changed = CardRequest.objects.filter(pk=card_request.pk, status=RequestStatus.DRAFT).update(
        city=city, bank=bank, replacement_reason=reason
    )
    if not changed:
        raise NotAllowed(
            "这件申请已经提交，不能再更换申领地区或发卡银行。",
            code="wrong_status",
            row=card_request,
        )
    Particulars.objects.filter(card_request=card_request).update(saved_at=at, saved_by=by)
    card_request.city, card_request.bank = city, bank
    card_request.replacement_reason = reason


def why_not_submittable(*, card_request, at):
    """The `Refused` with which the draft could not be submitted now, or None.

    Pages that are still being filled in say it at once, not only at the end.
    """
    try:
        check_submittable(card_request=card_request, at=at)
    except Refused as refusal:
        return refusal
    return None


@transaction.atomic
def submit(*, card_request, by, at):
    """Submit the request. From now on it is judged by the rule that its city has at `at`.

    Lock it before you call this, so that nobody changes its city or its bank in between. Raises
    `NotYours`, `Incomplete`, `NotAllowed` or `Overtaken`.
    """
    role = role_of(by, card_request.holder, at=at)
    check_own_draft(card_request, at=at)
    # Read again and locked: another request may save it, or a worker empty it, at this moment.
    particulars = Particulars.objects.select_for_update().get(card_request=card_request)
    missing = missing_columns(particulars, at=at)
    if missing:
        raise Incomplete(list(missing), missing.values())
    engine.move(
        card_request,
        RequestAction.SUBMIT,
        by=by,
        role=role,
        at=at,
        channel=Channel.WEB,
        rule=card_request.city.rule_on(day_of(at)),
        submitted_at=at,
    )
    picture_marks.hand_in(card_request=card_request, at=at)


@transaction.atomic
def withdraw(*, card_request, by, at):
    """Withdraw the request, before it is paid. Raises `NotYours`, `NotAllowed`."""
    role = role_of(by, card_request.holder, at=at)
    engine.move(card_request, RequestAction.WITHDRAW, by=by, role=role, at=at, channel=Channel.WEB)


@transaction.atomic
def discard(*, card_request, by, at, shown=None):
    """Give up a draft (放弃草稿). What was typed and the pictures are deleted; the events stay.

    `shown` is the hidden field of the page on which it was confirmed; None if there was no page.
    Raises `NotYours`, `NotAllowed`, `NotAsShown`, `Overtaken`.
    """
    role = role_of(by, card_request.holder, at=at)
    if shown is not None:
        destination.check_saved(shown, card_request)
    engine.move(card_request, RequestAction.DISCARD, by=by, role=role, at=at, channel=Channel.WEB)
    empty_draft(card_request=card_request, at=at)


@transaction.atomic
def amend(*, card_request, values, by, at):
    """Answer the open amendment with `values`, which may hold only the fields that were named.

    Raises `NotYours`, `NotAllowed`, and `Refused` for a field that is not open.
    """
    role = role_of(by, card_request.holder, at=at)
    amendment = Amendment.objects.filter(card_request=card_request, answered_at=None).first()
    if amendment is not None:
        check_opened(values, fields=amendment.fields)
    engine.move(card_request, RequestAction.AMEND, by=by, role=role, at=at, channel=Channel.WEB)
    rows = Particulars.objects.filter(card_request=card_request)
    rows.update(**for_update(rows, values), saved_at=at, saved_by=by)
    amendments.close(requests=[card_request.pk], by=by, at=at)
    picture_marks.hand_in(card_request=card_request, at=at)


@transaction.atomic
def collect(*, card_request, by, at):
    """Record that the holder or guardian has received the card (领卡确认).

    Raises `NotYours`, `NotAllowed`.
    """
    role = role_of(by, card_request.holder, at=at)
    check_collectable(card_request)
    engine.move(card_request, RequestAction.COLLECT, by=by, role=role, at=at, channel=Channel.WEB)


@transaction.atomic
def approve(*, card_request, by, at, reason=""):
    """Send the request on to production. Raises `MayNotReview`, `NotAllowed`, `Overtaken`."""
    _review(card_request, RequestAction.APPROVE, by=by, at=at, reason=reason)


@transaction.atomic
def request_amendment(*, card_request, items, due_date, by, at):
    """Ask the applicant to change `items`, a list of {"field", "reason"}, by the day `due_date`.

    Raises `MayNotReview`, `NotAllowed`, `Overtaken`, and `Refused` for an unknown field or an
    empty reason.
    """
    check_amendment(items)
    reason = reasons_of(items)
    _review(card_request, RequestAction.REQUEST_AMENDMENT, by=by, at=at, reason=reason)
    # After the move: until then the applicant may still have been saving.
    amendments.ask(requests=[card_request.pk], items=items, due_date=due_date, by=by, at=at)


@transaction.atomic
def reject(*, card_request, reason, by, at):
    """End the request with a reason. An open amendment is closed with it.

    Raises `MayNotReview`, `NotAllowed`, `Overtaken`, and `Refused` for an empty reason.
    """
    check_reason(reason, "请写明不通过的原因，申请人会看到这段话。")
    _review(card_request, RequestAction.REJECT, by=by, at=at, reason=reason)
    amendments.close(requests=[card_request.pk], by=by, at=at)


def _review(card_request, action, *, by, at, reason):
    check_may_review(by, card_request)
    engine.move(
        card_request,
        action,
        by=by,
        role=Role.REVIEWER,
        at=at,
        channel=Channel.ADMIN,
        reason=reason,
    )
