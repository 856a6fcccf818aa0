"""Registering, confirming and refusing guardianships, and what becomes of the proofs.

A guardian registers a child by ID number. The first registration makes the child known to the
portal, under a name that only the guardian vouches for: another registration may give another name.
When HR confirms a registration, its name becomes the name of the child. No answer tells one
guardian about the other.
"""

import logging

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef

from apps.common import stored_files
from apps.common.moments import began_before
from apps.common.refusals import check_reason
from apps.encryption.fields import blind_indexes
from apps.events.enums import AS_WORKER, Channel, Role
from apps.events.models import Event
from apps.guardianships import policies
from apps.guardianships.refusals import RegistrationRefused
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.lifecycle.sweep import move_all
from apps.people import documents
from apps.people.enums import GuardianshipAction, GuardianshipStatus
from apps.people.lifecycle import GUARDIANSHIP
from apps.people.models import Guardianship, GuardianshipProof, Holder, proof_path
from apps.people.services import record_consent
from apps.typed_text import id_numbers

logger = logging.getLogger(__name__)

DECISIONS = (GuardianshipAction.CONFIRM, GuardianshipAction.REFUSE)


def register(*, name, id_number, relation, proof_kind, pictures, ip, by, at):
    """Register a child, with the consent of the guardian `by`.

    `name` and `id_number` are normalised and judged before; `pictures` are the bytes of JPEGs. The
    child's birth date and sex follow from the number. Raises `RegistrationRefused` (no_holder,
    grown_up, relation, no_pictures, too_many_pictures, registered, too_many_wards, at_the_counter)
    or `NotStored`.
    """
    guardian = Holder.objects.filter(user=by).first()
    policies.check_registration(
        guardian=guardian,
        id_number=id_number,
        relation=relation,
        pictures=len(pictures),
        at=at,
    )
    files = stored_files.store((proof_path(None, ""), jpeg) for jpeg in pictures)
    try:
        with transaction.atomic():
            guardianship = _register(guardian, name, id_number, relation, proof_kind, at=at)
            GuardianshipProof.objects.bulk_create(
                GuardianshipProof(guardianship=guardianship, number=number, picture=file)
                for number, file in enumerate(files, start=1)
            )
            kind = policies.consent_kind(guardianship.ward.birth_date, at=at)
            record_consent(user=by, holder=guardianship.ward, kinds=[kind], ip=ip, at=at)
    except BaseException:
        stored_files.discard(files)
        raise
    logger.info("Guardianship %s registered by account %s at %s", guardianship.reference, by.pk, at)
    return guardianship


def _register(guardian, name, id_number, relation, proof_kind, *, at):
    # One registration of a guardian at a time, so that two tabs cannot pass the limit together.
    Holder.objects.select_for_update().get(pk=guardian.pk)
    ward = _ward(name, id_number)
    policies.check_registrable(ward, name=name, guardian=guardian, at=at)
    guardianship = Guardianship(
        guardian=guardian,
        ward=ward,
        ward_name=name,
        relation=relation,
        proof_kind=proof_kind,
        created_at=at,
        ends_at=ward.own_from_at,
    )
    try:
        begin(guardianship=guardianship, by=guardian.user, at=at)
    except IntegrityError as error:
        raise policies.registered_already() from error
    return guardianship


def begin(*, guardianship, by, at):
    """Save the new `guardianship`.

    Raises IntegrityError when the guardian has registered the child already.
    """
    engine.begin(
        guardianship,
        GuardianshipAction.REGISTER,
        by=by,
        role=Role.GUARDIAN,
        at=at,
        channel=Channel.WEB,
        facts={"guardian": guardianship.guardian.reference},
    )


def _ward(name, id_number):
    known = Holder.objects.filter(id_number_index__in=blind_indexes(id_number))
    ward = known.first()
    if ward is not None:
        return ward
    try:
        with transaction.atomic():
            return Holder.objects.create(
                name=name,
                id_number=id_number,
                birth_date=id_numbers.birth_date(id_number),
                sex=id_numbers.sex(id_number),
                **documents.columns(id_number),
            )
    except IntegrityError:  # The other parent registered the child at the same moment.
        return known.get()


@transaction.atomic
def confirm(*, guardianship, by, at):
    """Confirm a registration that waits; the guardian may act for the child from now on.

    Raises `RegistrationRefused` (party, decided, grown_up, two_guardians, other_name).
    """
    ward = Holder.objects.select_for_update().get(pk=guardianship.ward_id)
    policies.check_may_decide(guardianship, by=by)
    policies.check_confirmable(guardianship, ward=ward, at=at)
    if not Guardianship.objects.confirmed().filter(ward=ward).exists():
        ward.name = guardianship.ward_name or ward.name
        ward.save(update_fields=["name"])
    _decide(guardianship, GuardianshipAction.CONFIRM, by=by, at=at)


@transaction.atomic
def refuse(*, guardianship, reason, by, at):
    """Refuse a registration that waits, with a reason that its guardian reads.

    Raises `RegistrationRefused` (party, decided, no_reason).
    """
    words = "请写明为什么不确认，登记人会看到这段话。"
    check_reason(reason, words, refused=RegistrationRefused)
    policies.check_may_decide(guardianship, by=by)
    _decide(guardianship, GuardianshipAction.REFUSE, by=by, at=at, reason=reason.strip())


def _decide(guardianship, action, *, by, at, reason=""):
    try:
        engine.move(
            guardianship,
            action,
            by=by,
            role=Role.REVIEWER,
            at=at,
            channel=Channel.ADMIN,
            reason=reason,
            facts={"guardian": guardianship.guardian.reference},
            refusal_reason=reason,
        )
    except NotAllowed as refusal:
        outcome = "没有确认" if guardianship.is_refused else "确认"
        raise RegistrationRefused(
            f"这条登记已有决定：「{outcome}」。您的决定没有提交。", code="decided", row=guardianship
        ) from refusal
    logger.info(
        "Guardianship %s: %s by account %s at %s", guardianship.reference, action, by.pk, at
    )


def decisions(*, guardianships):
    """{pk: the event of the decision} of those of `guardianships` that HR has decided on."""
    events = Event.objects.of_kind(GUARDIANSHIP).filter(
        subject_id__in=[guardianship.pk for guardianship in guardianships], action__in=DECISIONS
    )
    return {event.subject_id: event for event in events.select_related("by__holder")}


def follow_identity(*, holder, by, at):
    """Let the guardianships of `holder`, as child or as guardian, fit the birth date and the sex.

    Call it in the transaction that changes these. A guardianship ends on the 16th birthday: at once
    where that is over. One that ended by a birth date that was wrong goes on.
    """
    for guardianship in Guardianship.objects.filter(ward=holder).select_related("guardian"):
        relation = _fitting(guardianship.relation, ward_sex=holder.sex)
        _set(guardianship, ends_at=holder.own_from_at, relation=relation)
        facts = {"guardian": guardianship.guardian.reference}
        ended, is_over = guardianship.status == GuardianshipStatus.ENDED, holder.is_of_age(at)
        if ended and not is_over:
            whom = {"by": by, "role": Role.STAFF, "channel": Channel.ADMIN}
            engine.move(guardianship, GuardianshipAction.RESUME, at=at, facts=facts, **whom)
        elif is_over and guardianship.status == GuardianshipStatus.CONFIRMED:
            due_at = guardianship.ends_at
            engine.move(
                guardianship, GuardianshipAction.END, at=at, due_at=due_at, facts=facts, **AS_WORKER
            )
    for guardianship in Guardianship.objects.filter(guardian=holder):
        _set(guardianship, relation=_fitting(guardianship.relation, guardian_sex=holder.sex))


def _set(guardianship, **values):
    for name, value in values.items():
        setattr(guardianship, name, value)
    guardianship.save(update_fields=values)


def _fitting(relation, *, guardian_sex=None, ward_sex=None):
    """The relation that `relation` becomes with the right sex; as it is where there is none."""
    guardian, ward = policies.SEXES[relation]
    wanted = (guardian_sex or guardian, ward_sex or ward)
    return next((name for name, pair in policies.SEXES.items() if pair == wanted), relation)


def end_due(*, at, deadline):
    """Write down that guardianships have ended with the 16th birthday. Returns the `Sweep`."""
    return move_all(
        Guardianship.objects.overdue(GuardianshipAction.END, at).order_by("ends_at", "pk"),
        GuardianshipAction.END,
        at=at,
        **AS_WORKER,
        due_at=F("ends_at"),
        deadline=deadline,
    )


def delete_old_proofs(*, at, limit):
    """Delete up to `limit` pictures whose registration was decided settings.PROOF_RETENTION ago."""
    before = began_before(at, settings.PROOF_RETENTION)
    _delete_proofs(proofs_decided(before=before).order_by("pk")[:limit])


def proofs_decided(*, before):
    """The pictures of registrations that were decided before the moment `before`."""
    decided = Event.objects.of_kind(GUARDIANSHIP).filter(
        subject_id=OuterRef("guardianship"), action__in=DECISIONS, at__lt=before
    )
    return GuardianshipProof.objects.filter(Exists(decided))


def proofs_of(*, user, at):
    """The pictures that `user` uploaded and that are decided on by the moment `at`."""
    return proofs_decided(before=at).filter(guardianship__guardian__user=user)


def erase_proofs(*, user, at):
    """Delete the pictures that `user` wants gone (`proofs_of`). Returns how many."""
    return _delete_proofs(proofs_of(user=user, at=at))


def _delete_proofs(proofs):
    """The file goes first: if the process dies in between, the row leads the next run to it."""
    deleted = 0
    for proof in proofs:
        default_storage.delete(proof.picture.name)
        proof.delete()
        deleted += 1
    return deleted
