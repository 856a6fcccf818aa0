"""What an applicant does on the way from the agreement to the paid request.

Services that need only the request itself are in `apps.requests.services`. Those here also need
verification, delivery or payments. Each runs in one transaction.
"""

from django.db import transaction
from django.urls import reverse

from apps.application import eligibility
from apps.application.policies import check_not_withdrawn, check_verified
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import role_of
from apps.delivery.services import save_shipment
from apps.payments import services as payments
from apps.payments.amounts import fees_of
from apps.people import consents
from apps.people.consents import CARD_KINDS
from apps.people.models import Consent
from apps.people.services import record_consent, withdrawn_kinds
from apps.requests import services as requests
from apps.requests.models import Particulars
from apps.requests.policies import check_submittable
from apps.verification import services as verification
from apps.verification.enums import CheckStatus, Purpose
from apps.verification.models import Check


@transaction.atomic
def agree(*, ip, by, at):
    """Store the consents of the guide page. Raises `NotEligible` if the roster lacks the user."""
    holder = eligibility.holder_of(by)
    record_consent(user=by, holder=holder, kinds=CARD_KINDS, ip=ip, at=at)


def has_agreed(*, user):
    """Whether `user` agreed to the present version of every text, as the holder."""
    given = Consent.objects.standing().filter(user=user, holder__user=user)
    return {(kind, consents.version(kind)) for kind in CARD_KINDS} <= set(
        given.values_list("kind", "text_version")
    )


@transaction.atomic
def start(*, name, id_number, city, bank, by, at):
    """申领资格预校验: open the draft, or go on with it, and begin the identity check.

    Returns the `Check`. Raises `NotEligible`.
    """
    draft = eligibility.check(user=by, id_number=id_number, name=name, city=city, bank=bank, at=at)
    if draft is None:
        try:
            draft = requests.open_draft(holder=by.holder, city=city, bank=bank, by=by, at=at)
        except requests.DuplicateRequest:
            # The same click in another tab came first: go on with the draft that it opened.
            draft = eligibility.own_draft(by.holder)
    else:
        requests.change_destination(card_request=draft, city=city, bank=bank, by=by, at=at)
    return begin_check(card_request=draft, by=by, at=at)


def begin_check(*, card_request, by, at):
    """Begin the identity check that opens the form of `card_request`."""
    return verification.begin(
        holder=card_request.holder,
        by=by,
        purpose=_purpose(card_request),
        card_request=card_request,
        next_url=reverse("application:form", args=[card_request.reference]),
        at=at,
    )


def _purpose(card_request):
    return Purpose.REPLACE if card_request.is_replacement else Purpose.APPLY


def is_verified(*, card_request, by):
    """Whether `by` passed and used an identity check for this request.

    If a child has two guardians, each of them has to pass one.
    """
    return Check.objects.filter(card_request=card_request, by=by, status=CheckStatus.USED).exists()


def open_form(*, card_request, by, at):
    """Use an identity check to open the form. It then stays open while the request is a draft.

    Raises `CheckRefused` when there is no passed check.
    """
    if not is_verified(card_request=card_request, by=by):
        verification.use(
            holder=card_request.holder,
            by=by,
            purpose=_purpose(card_request),
            card_request=card_request,
            at=at,
        )


def save_form(*, card_request, form, by, at):
    """Store what was typed into `form`, valid or not; in a draft, valid values go into the columns.

    While an amendment is open, only the typed text is stored: the columns keep what the reviewer
    has seen until the amendment is submitted. Raises `NotYours`, `NotAllowed`.
    """
    typed = "" if form.is_valid() else form.typed()
    if card_request.status == RequestStatus.NEEDS_AMENDMENT:
        role_of(by, card_request.holder, at=at)
        Particulars.objects.filter(
            card_request=card_request, card_request__status=RequestStatus.NEEDS_AMENDMENT
        ).update(typed=form.typed())
        return
    requests.save_draft(
        card_request=card_request, values=form.columns() | {"typed": typed}, by=by, at=at
    )


@transaction.atomic
def submit(*, card_request, by, at):
    """Submit the request, if that is still allowed.

    Raises `NotEligible` or `NotReplaceable`, `Incomplete`, `NotYours`, `NotAllowed`, `Overtaken`;
    also `Refused` when the identity was never verified, and `ConsentRefused` when a consent that
    the matter needs was withdrawn.
    """
    check_submittable(card_request=card_request, at=at)
    check_not_withdrawn(card_request, withdrawn_kinds(user=by, holder=card_request.holder))
    check_verified(card_request, is_verified(card_request=card_request, by=by))
    requests.submit(card_request=card_request, by=by, at=at)
    Particulars.objects.filter(card_request=card_request).update(typed="")


def ship(*, card_request, by, at, **where):
    """Store where the card goes. Returns whether a payment is due.

    `where` are arguments of `save_shipment`. If no payment is due, the request moves on. Calls the
    payment gateway, so call it outside of any transaction. Raises `NotYours`, `TooLateToChange`,
    `PostageDiffers`, `TryLater`.
    """
    save_shipment(card_request=card_request, by=by, at=at, **where)
    current = CardRequest.objects.select_related("rule", "holder", "shipment").get(
        pk=card_request.pk
    )
    if current.status != RequestStatus.SUBMITTED:
        return False
    if fees_of(current).total_fen:
        payments.close_stale(card_request=current, by=by, at=at)
        return True
    payments.close_running(card_request=current, by=by, at=at)
    current.refresh_from_db(fields=["status"])
    if current.status == RequestStatus.SUBMITTED:
        payments.waive(card_request=current, by=by, at=at)
    return False


def withdraw(*, card_request, by, at):
    """Withdraw the request before it is paid. Its running order is closed first.

    If that order turns out to be paid, the request becomes paid and cannot be withdrawn. Calls the
    payment gateway, so call it outside of any transaction. Raises `NotYours`, `TryLater`,
    `NotAllowed`, `Overtaken`.
    """
    role_of(by, card_request.holder, at=at)
    payments.close_running(card_request=card_request, by=by, at=at)
    card_request.refresh_from_db(fields=["status", "status_since"])
    requests.withdraw(card_request=card_request, by=by, at=at)


@transaction.atomic
def amend(*, card_request, form, by, at):
    """Answer the open amendment with the valid `form`. Raises `NotYours`, `NotAllowed`."""
    requests.amend(card_request=card_request, values=form.columns(), by=by, at=at)
    Particulars.objects.filter(card_request=card_request).update(typed="")
