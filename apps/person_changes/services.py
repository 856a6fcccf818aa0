"""Proposing a change of who somebody is, and deciding on it."""

import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from apps.cards.enums import REQUEST_IN_FLIGHT
from apps.cards.models import CardRequest
from apps.common.moments import kept_until
from apps.common.refusals import Refused, check_reason
from apps.common.visibility import shown
from apps.events.enums import AS_WORKER, Channel, Role
from apps.guardianships import services as guardianships
from apps.handout import handing
from apps.lifecycle import engine
from apps.lifecycle.sweep import move_all
from apps.people import documents
from apps.people.models import Holder
from apps.people.services import change_employee_number
from apps.person_changes import merging
from apps.person_changes.enums import PersonChangeAction, PersonChangeKind
from apps.person_changes.models import PersonChange
from apps.person_changes.policies import (
    NumberRefused,
    check_change,
    check_free,
    check_may_decide,
    check_no_party,
    normalised,
)
from apps.requests.models import Particulars
from apps.typed_text import id_numbers

logger = logging.getLogger(__name__)
_MEANWHILE = "办理期间有别的改动与这条更正冲突，没有更正。请再看一遍。"


@transaction.atomic
def propose(*, kind, holder, other=None, new_number="", evidence_kind, evidence, reason, by, at):
    """Propose to change a number of `holder`, or to merge the record `other` into it.

    `evidence_kind` and `evidence` say which original was looked at. Returns the `PersonChange`,
    which a second person must confirm within settings.PERSON_CHANGE_LIFETIME. Raises `Refused` for
    a party, while another change of the person waits, and when the change cannot be made;
    `NumberRefused` and `RecordRefused` are about the number and the second record.
    """
    check_reason(evidence, "请写明看了什么原件。")
    check_reason(reason, "请写明为什么更正，本人和审计员会看到。")
    persons = [holder] if other is None else [holder, other]
    check_no_party(*persons, by=by)
    _lapse(PersonChange.objects.naming(*persons), at=at)
    check_free(*persons, at=at)
    number = normalised(kind, new_number or "")
    check_change(kind, holder=holder, other=other, new_number=number, at=at)
    before, after = _masked(kind, holder, other, number)
    change = PersonChange(
        kind=kind,
        holder=holder,
        other=other,
        new_number=number or None,
        before=before,
        after=after,
        evidence_kind=evidence_kind,
        evidence=evidence.strip(),
        reason=reason.strip(),
        proposed_at=at,
        proposed_by=by,
        ends_at=kept_until(at, settings.PERSON_CHANGE_LIFETIME),
    )
    try:
        with transaction.atomic():
            engine.begin(
                change,
                PersonChangeAction.PROPOSE,
                by=by,
                role=Role.STAFF,
                at=at,
                channel=Channel.ADMIN,
                reason=change.reason,
                facts=_facts(change),
            )
    except IntegrityError:  # somebody else proposed one at the same moment
        check_free(*persons, at=at)
        raise
    return change


@transaction.atomic
def confirm(*, change, typed_number="", by, at):
    """Make the change. `typed_number` is the new number, typed once more from the original.

    Raises `Refused` for the proposer and for a party, `NumberRefused` when the two numbers differ,
    `NotAllowed` or `Overtaken` when it was decided before, and what `check_change` raises.
    """
    check_may_decide(change, by=by)
    kind = PersonChangeKind(change.kind)
    number = change.new_number or ""
    if kind.needs_number and normalised(kind, typed_number) != number:
        raise NumberRefused(
            "与提出的人填写的不一样。请对照原件再填一次；原件确实是这样的，请选不更正。",
            code="differs",
        )
    is_of_account = kind == PersonChangeKind.EMPLOYEE_NUMBER
    engine.move(
        change,
        PersonChangeAction.CONFIRM_NUMBER if is_of_account else PersonChangeAction.CONFIRM,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        reason=change.reason,
        facts=_facts(change),
        decided_at=at,
        decided_by=by,
    )
    keys = sorted(person.pk for person in change.persons)
    list(Holder.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    people = Holder.objects.select_related("user").in_bulk(keys)
    holder, other = people[change.holder_id], people.get(change.other_id)
    check_change(kind, holder=holder, other=other, new_number=number, at=at)
    try:
        with transaction.atomic():
            _apply(kind, holder=holder, other=other, number=number, by=by, at=at)
    except IntegrityError:
        raise Refused(_MEANWHILE, code="meanwhile") from None
    logger.info("Person change %s confirmed by account %s at %s", change.reference, by.pk, at)


def _apply(kind, *, holder, other, number, by, at):
    if kind == PersonChangeKind.EMPLOYEE_NUMBER:
        change_employee_number(user=holder.user, employee_number=number, by=by, at=at)
    elif kind == PersonChangeKind.ID_NUMBER:
        correct_id_number(holder=holder, id_number=number, by=by, at=at)
    else:
        merging.merge(kept=holder, ended=other, by=by, at=at)


def correct_id_number(*, holder, id_number, by, at):
    """Give `holder` the number `id_number`, and what it tells: birth date, sex, document.

    The guardianships, and whom a guardian lets fetch a card, end with the new 16th birthday.
    Requests without a card bear the number.
    """
    values = {"id_number": id_number}
    if id_numbers.told_by(id_number):
        values |= documents.columns(id_number) | {
            "birth_date": id_numbers.birth_date(id_number),
            "sex": id_numbers.sex(id_number),
        }
    for name, value in values.items():
        setattr(holder, name, value)
    holder.save(update_fields=values)
    guardianships.follow_identity(holder=holder, by=by, at=at)
    handing.follow_birth_date(holder=holder)
    own = CardRequest.objects.filter(holder=holder, status__in=REQUEST_IN_FLIGHT, card=None)
    Particulars.objects.filter(card_request__in=own, forgotten_at=None).update(**values)
    logger.info("ID number of %s corrected by account %s at %s", holder.reference, by.pk, at)


@transaction.atomic
def decline(*, change, reason, by, at):
    """Leave everything as it is; `reason` is for the colleague who proposed it."""
    check_may_decide(change, by=by)
    check_reason(reason, "请写明为什么不更正，提出的同事会看到。")
    engine.move(
        change,
        PersonChangeAction.DECLINE,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        reason=reason.strip(),
        facts=_facts(change),
        decided_at=at,
        decided_by=by,
    )


@transaction.atomic
def withdraw(*, change, by, at):
    """Take a proposal back. Raises `Refused` (not_own) for anybody but the proposer."""
    if change.proposed_by_id != by.pk:
        raise Refused("只有提出的人可以收回；您可以选不更正。", code="not_own")
    engine.move(
        change,
        PersonChangeAction.WITHDRAW,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        facts=_facts(change),
    )


def lapse_due(*, at, deadline):
    """Write down that nobody confirmed proposals in time. Returns how many."""
    return _lapse(PersonChange.objects.all(), at=at, deadline=deadline)


def _lapse(changes, *, at, deadline=None):
    return move_all(
        changes.overdue(PersonChangeAction.LAPSE, at).order_by("pk"),
        PersonChangeAction.LAPSE,
        at=at,
        due_at=F("ends_at"),
        deadline=deadline,
        **AS_WORKER,
    ).done


def _masked(kind, holder, other, number):
    """What the change was and is, as the book of events and the desk show it."""
    if kind == PersonChangeKind.EMPLOYEE_NUMBER:
        pair, where = (holder.user.employee_number, number), "book.employee_number"
    elif kind == PersonChangeKind.ID_NUMBER:
        pair, where = (holder.id_number, number), "book.id_number"
    else:
        pair, where = (other.id_number, holder.id_number), "book.id_number"
    return [shown(value, where) for value in pair]


def _facts(change):
    found = {
        "person_change": change.kind,
        "evidence": change.get_evidence_kind_display(),
        "before": change.before,
        "after": change.after,
    }
    return found | ({"merged": change.other.reference} if change.other else {})
