"""What is written about people and their accounts."""

import logging

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction

from apps.common.moments import day_of
from apps.common.visibility import shown
from apps.encryption.fields import blind_indexes
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.people import consents, documents, policies
from apps.people.enums import ConsentKind, EntryOutcome
from apps.people.event_kinds import (
    ACCOUNT,
    CONSENT,
    HOLDER,
    AccountAction,
    ConsentAction,
    HolderAction,
)
from apps.people.masked_changes import changes_of
from apps.people.models import BACK, Consent, ConsentText, Holder, User
from apps.people.refusals import WeakPassword
from apps.typed_text import id_numbers

logger = logging.getLogger(__name__)


@transaction.atomic
def enter_staff_member(*, employee_number, id_number, particulars, by, at):
    """Enter a member of the staff, or bring the entry up to date.

    Returns the holder and the `EntryOutcome`.

    `id_number` must be normalised and valid. `particulars` are fields of `Holder` by name; fields
    that are left out stay as they are. A new person needs name, birth date and sex; the last two
    follow from an ID number of 18 characters. The account has no password until one is set. Whoever
    had left may sign in again. Raises `RosterConflict` when another person has the employee
    number, the ID number or the phone.
    """
    employee_number = User.normalize_username(employee_number)
    user = User.objects.select_related("holder").filter(employee_number=employee_number).first()
    holder = Holder.objects.filter(id_number_index__in=blind_indexes(id_number)).first()
    phone = particulars.get("phone")
    accounts = Holder.objects.filter(user__isnull=False)
    policies.check_entry(
        user=user,
        holder=holder,
        phone_owner=accounts.filter(phone_index__in=blind_indexes(phone)).first(),
        by=by,
        birth_date=particulars.get("birth_date"),
    )
    user = user or User.objects.create_user(employee_number)
    if holder is None:
        derived = _derived(id_number)
        holder = Holder.objects.create(user=user, id_number=id_number, **derived | particulars)
        outcome = EntryOutcome.CREATED
        record_change(action=HolderAction.ENTER, holder=holder, by=by, at=at)
    else:
        if holder.left_date:
            User.objects.filter(pk=user.pk).update(is_active=True)
        changes = {
            name: value
            for name, value in {**particulars, "user_id": user.pk, **BACK}.items()
            if getattr(holder, name) != value
        }
        if holder.phone and "phone" in changes:
            changes["former_phone"] = _former_phones(holder, but=changes["phone"], at=at)
        before = {name: getattr(holder, name) for name in changes}
        for name, value in changes.items():
            setattr(holder, name, value)
        if changes:
            holder.save(update_fields=changes)
            record_update(holder=holder, changes=changes, before=before, by=by, at=at)
        outcome = EntryOutcome.UPDATED if changes else EntryOutcome.UNCHANGED
    if outcome != EntryOutcome.UNCHANGED:
        logger.info("Roster: %s %s by %s at %s", outcome, holder.reference, _who(by), at)
    return holder, outcome


def _former_phones(holder, *, but, at):
    """The numbers that hear of a change at `at`, without `but`: the newest first, spaces between.

    With the present one those before it that were changed less than settings.NEW_PHONE_WAIT ago: a
    second change does not keep the first owner from being told.
    """
    changes = Event.objects.filter(
        subject_kind=HOLDER.name,
        action=HolderAction.CHANGE_PHONE,
        holder_id=holder.pk,
        at__gt=at - settings.NEW_PHONE_WAIT,
    )
    earlier = holder.former_phone.split() if changes.exists() else []
    return " ".join(phone for phone in dict.fromkeys([holder.phone, *earlier]) if phone != but)


def record_update(*, holder, changes, before, by, at):
    """Record what has changed. A new phone is an event of its own, with masked numbers."""
    fields = changes.keys() - {"former_phone", "phone"}
    if fields:
        facts = changes_of(before, {name: changes[name] for name in fields})
        record_change(action=HolderAction.CHANGE, holder=holder, by=by, at=at, facts=facts)
    if "phone" in changes:
        former = changes.get("former_phone", "").partition(" ")[0]
        facts = {"phone": [shown(number, "book.phone") for number in (former, holder.phone)]}
        record_change(action=HolderAction.CHANGE_PHONE, holder=holder, by=by, at=at, facts=facts)


def record_change(*, action, holder, by, at, facts=None):
    """Record what was done with the entry of `holder`. `by` is None for the command."""
    events.record(
        kind=HOLDER,
        action=action,
        by=by,
        role=Role.STAFF if by else Role.WORKER,
        at=at,
        channel=Channel.ADMIN if by else Channel.COMMAND,
        subject_id=holder.pk,
        reference=holder.reference,
        holder_id=holder.pk,
        facts=facts,
    )


def _derived(id_number):
    if len(id_number) != id_numbers.LENGTH:
        return {}
    told = {"birth_date": id_numbers.birth_date(id_number), "sex": id_numbers.sex(id_number)}
    return told | documents.columns(id_number)


@transaction.atomic
def end_employment(*, holder, by, at, keeps_sign_in=False):
    """Deactivate the account of a member of the staff who leaves today. Returns an `EntryOutcome`.

    All records stay. An inactive account is signed out at its next request. With `keeps_sign_in`
    it can finish what is under way (decision 0151), unless it is one of the desk. Raises
    `RosterConflict` for accounts that the roster may not lock out.
    """
    policies.check_may_leave(user=holder.user, by=by)
    if not Holder.objects.employed().filter(pk=holder.pk).update(left_date=day_of(at)):
        return EntryOutcome.UNCHANGED
    keeps_sign_in = keeps_sign_in and not holder.user.is_staff
    User.objects.filter(pk=holder.user_id).update(is_active=keeps_sign_in)
    facts = {"keeps_sign_in": True} if keeps_sign_in else None
    record_change(action=HolderAction.LEAVE, holder=holder, by=by, at=at, facts=facts)
    logger.info("Roster: %s left, by %s at %s", holder.reference, _who(by), at)
    return EntryOutcome.LEFT


def end_sessions(*, users, at):
    """Delete the live sessions of `users` (a set of primary keys of accounts)."""
    if not users:
        return
    owners = {str(pk) for pk in users}
    over = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=at).iterator()
        if session.get_decoded().get(SESSION_KEY) in owners
    ]
    Session.objects.filter(pk__in=over).delete()


@transaction.atomic
def set_initial_password(*, user, password, by, at):
    """Give `user` the password `password`, which is to be handed over in person.

    Raises `WeakPassword` with all that is wrong with it.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword("".join(error.messages), code="weak_password") from None
    user.set_password(password)
    user.save(update_fields=["password"])
    is_own = by == user
    holder = getattr(user, "holder", None)
    events.record(
        kind=ACCOUNT,
        action=AccountAction.SET_PASSWORD,
        by=by,
        role=Role.HOLDER if is_own else Role.STAFF if by else Role.WORKER,
        at=at,
        channel=Channel.WEB if is_own else Channel.COMMAND,
        subject_id=user.pk,
        reference=user.employee_number,
        holder_id=holder and holder.pk,
    )
    logger.info("Password of account %s set by %s at %s", user.pk, _who(by), at)


@transaction.atomic
def record_consent(*, user, holder, kinds, ip, at):
    """Store that `user` agreed for `holder` to the present texts of `kinds`, at the moment `at`."""
    texts = {kind: consents.version(kind) for kind in kinds}
    ConsentText.objects.keep({kind: (texts[kind], consents.text(kind)) for kind in texts}, at=at)
    event = _record_consent(ConsentAction.GIVE, texts, holder=holder, by=user, at=at)
    return Consent.objects.bulk_create(
        Consent(
            user=user,
            holder=holder,
            kind=kind,
            text_version=version,
            given_at=event.at,
            ip=ip,
        )
        for kind, version in texts.items()
    )


def has_consented(*, user, holder, kinds):
    """Whether `user` agreed for `holder` to the present version of each of `kinds`."""
    given = Consent.objects.standing().filter(user=user, holder=holder, kind__in=kinds)
    return {(kind, consents.version(kind)) for kind in kinds} <= set(
        given.values_list("kind", "text_version")
    )


@transaction.atomic
def withdraw_consent(*, holder, kind, by, at):
    """`by` takes back what was agreed for `holder` to the text `kind`, in every version.

    What was done under the consent stays valid. Raises `ConsentRefused` when there is none.
    """
    given = Consent.objects.standing().filter(user=by, holder=holder, kind=kind)
    latest = given.order_by("-pk").first()
    if latest is None:
        raise policies.taken_back()
    texts = {kind: latest.text_version}
    event = _record_consent(ConsentAction.WITHDRAW, texts, holder=holder, by=by, at=at)
    if not given.update(withdrawn_at=event.at):
        raise policies.taken_back()


def _record_consent(action, texts, *, holder, by, at):
    """The event; the rows bear its moment, so that both can be compared."""
    return events.record(
        kind=CONSENT,
        action=action,
        by=by,
        role=Role.HOLDER if holder.user_id == by.pk else Role.GUARDIAN,
        at=at,
        channel=Channel.WEB,
        subject_id=holder.pk,
        reference=holder.reference,
        holder_id=holder.pk,
        facts={"texts": texts},
    )


def withdrawn_kinds(*, user, holder):
    """The texts that `user` agreed to for `holder`, took back, and has not agreed to again."""
    consents_of = Consent.objects.filter(user=user, holder=holder)
    standing = consents_of.standing().values("kind")
    kinds = consents_of.exclude(kind__in=standing).values_list("kind", flat=True)
    return [kind for kind in ConsentKind if kind in set(kinds)]


@transaction.atomic
def change_employee_number(*, user, employee_number, by, at):
    """Give the account `user` another employee number, with which its owner signs in.

    Raises `RosterConflict` when another account has it.
    """
    number = User.normalize_username(employee_number)
    before = user.employee_number
    if number == before:
        return
    policies.check_number_free(number)
    user.employee_number = number
    user.save(update_fields=["employee_number"])
    holder = getattr(user, "holder", None)
    events.record(
        kind=ACCOUNT,
        action=AccountAction.CHANGE_NUMBER,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        subject_id=user.pk,
        reference=number,
        holder_id=holder and holder.pk,
        facts={"number": [shown(value, "book.employee_number") for value in (before, number)]},
    )
    logger.info("Number of account %s changed by %s at %s", user.pk, _who(by), at)


def _who(by):
    return f"account {by.pk}" if by else "the system"
