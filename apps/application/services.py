"""What an applicant does on the way from the agreement to the paid request.

Services that need only the request itself are in `apps.requests.services`. Those here also need
verification, delivery or payments. Each runs in one transaction.
"""

from functools import partial

from django.db import transaction

from apps.application import eligibility, pages
from apps.application.policies import (
    check_fillable,
    check_not_withdrawn,
    check_open_amendment,
)
from apps.cards.enums import RequestStatus
from apps.cards.models import Card, CardRequest
from apps.cards.permissions import role_of
from apps.common.addresses import row_url
from apps.delivery.services import author_of, save_shipment
from apps.payments import services as payments
from apps.payments.amounts import fees_of
from apps.people.consents import CARD_KINDS
from apps.people.models import Holder
from apps.people.services import has_consented, record_consent, withdrawn_kinds
from apps.requests import destination
from apps.requests import services as requests
from apps.requests.models import Amendment, Particulars
from apps.requests.policies import check_submittable
from apps.requests.taking_over import give_own_contact, take_over
from apps.unsent.merging import merge
from apps.unsent.shown import check_as_shown
from apps.verification import services as verification
from apps.verification.enums import Purpose


@transaction.atomic
def agree(*, ip, by, at):
    """Store the consents of the guide page. Raises `NotEligible` if the roster lacks the user."""
    holder = eligibility.holder_of(by)
    record_consent(user=by, holder=holder, kinds=CARD_KINDS, ip=ip, at=at)


def has_agreed(*, user):
    """Whether `user` agreed to the present version of every text, as the holder."""
    holder = Holder.objects.filter(user=user).first()
    return has_consented(user=user, holder=holder, kinds=CARD_KINDS)


@transaction.atomic
def start(*, city, bank, by, at, shown=""):
    """申领资格预校验: open the draft, or go on with it. Returns the request.

    `shown` is the hidden field of the page. Raises `NotEligible`, and `NotAsShown` when another
    window has chosen another city or bank.
    """
    draft = eligibility.check(user=by, city=city, bank=bank, at=at)
    where = {"city": city, "bank": bank, "by": by, "at": at}
    if draft is None:
        try:
            draft = requests.open_draft(holder=by.holder, **where)
        except requests.DuplicateRequest:
            # The same click in another tab came first: go on with the draft that it opened.
            draft = eligibility.own_draft(by.holder, at=at)
    elif draft.begins_anew(at):
        take_over(card_request=draft, by=by, at=at)
        draft.refresh_from_db()
        shown = destination.token(by.holder, draft)  # it begins anew, whatever the page showed
    requests.change_destination(card_request=draft, shown=shown, **where)
    return draft


def begin_check(*, card_request, by, at):
    """Begin the identity check with which `card_request` is submitted."""
    return verification.begin(
        holder=card_request.holder,
        by=by,
        purpose=purpose(card_request=card_request),
        card_request=card_request,
        next_url=row_url("application:confirm", card_request.reference),
        at=at,
    )


def purpose(*, card_request):
    """The purpose of the identity check for `card_request`."""
    return Purpose.REPLACE if card_request.is_replacement else Purpose.APPLY


@transaction.atomic
def save_form(*, card_request, make, typed, by, at):
    """Merge what was `typed` in one window into the draft, right or wrong. Returns the `Merged`.

    `make(particulars, data)` makes the form of the saved `particulars`. Valid values go into the
    columns; as long as something is wrong the text is kept as it was typed. What another window
    has saved since is not overwritten (`apps.unsent.merging`). While an amendment is open, only the
    typed text is stored: the columns keep what the reviewer has seen until it is answered. Raises
    `NotYours`, `NotAllowed`.
    """
    role_of(by, card_request.holder, at=at)
    particulars = _lock(card_request)
    amendment = open_amendment(card_request=card_request)
    if amendment is None:
        check_fillable(card_request)
        merged = merge(
            partial(make, particulars),
            typed,
            about=pages.about_form(card_request),
            author_of=particulars.author_of,
        )
        text = "" if merged.form.is_valid() else merged.form.typed()
        values = merged.form.columns() | {
            "typed": text,
            "edited": particulars.edited_by(by, merged.changed, at=at),
        }
        requests.save_draft(card_request=card_request, values=values, by=by, at=at)
    else:
        merged = merge(
            partial(make, particulars),
            typed,
            about=pages.about_form(card_request, amendment),
            author_of=particulars.author_of,
            beside=particulars.portrait.name,
        )
        _keep_typed(particulars, merged, by=by, at=at)
    particulars.refresh_from_db()
    return merged


@transaction.atomic
def answer_amendment(*, card_request, amendment, make, typed, by, at):
    """Save what was `typed`, and answer `amendment` with it if it is valid and nothing clashes.

    A form that shows another amendment or portrait is no answer: see `Merged.is_as_shown`.
    Returns (the `Merged`, whether it is answered). Raises `NotYours`, `NotAllowed` when somebody
    else has answered it.
    """
    role_of(by, card_request.holder, at=at)
    particulars = _lock(card_request)
    check_open_amendment(card_request, amendment, open_amendment(card_request=card_request))
    about = pages.about_form(card_request, amendment)
    merged = merge(
        partial(make, particulars),
        typed,
        about=about,
        author_of=particulars.author_of,
        beside=particulars.portrait.name,
        is_final=True,
    )
    if merged.clashes or not merged.is_as_shown or not merged.form.is_valid():
        _keep_typed(particulars, merged, by=by, at=at)
        return merged, False
    requests.amend(card_request=card_request, values=merged.form.columns(), by=by, at=at)
    Particulars.objects.filter(card_request=card_request).update(typed="", edited={})
    return merged, True


def _lock(card_request):
    """Lock the request and bring it up to date. Returns its particulars, locked as well."""
    card_request.read_again(is_locked=True)
    return Particulars.objects.select_for_update().get(card_request=card_request)


def _keep_typed(particulars, merged, *, by, at):
    particulars.typed = merged.form.typed()
    particulars.edited = particulars.edited_by(by, merged.changed, at=at)
    particulars.saved_at, particulars.saved_by = at, by
    particulars.save(update_fields=["typed", "edited", "saved_at", "saved_by"])


def open_amendment(*, card_request):
    """The amendment that waits for an answer, or None."""
    return Amendment.objects.open().filter(card_request=card_request).first()


@transaction.atomic
def submit(*, card_request, shown, by, at):
    """Submit the request as it was confirmed, if that is still allowed.

    `shown` is the hidden field of the check page. Raises `NotEligible` or `NotReplaceable`,
    `Incomplete`, `NotYours`, `NotAllowed`, `Overtaken`; `NotAsShown` when the page showed something
    else; also `CheckRefused` without an identity check, and `ConsentRefused` when a consent that
    the matter needs was withdrawn.
    """
    if card_request.is_replacement:
        # Its loss cannot be withdrawn up to the end of the transaction.
        Card.held(card_request.old_card_id)
    check_submittable(card_request=card_request, at=at)
    check_not_withdrawn(card_request, withdrawn_kinds(user=by, holder=card_request.holder), at=at)
    particulars = _lock(card_request)
    check_fillable(card_request)
    check_as_shown(
        shown,
        pages.about_check(card_request),
        pages.parts(card_request, particulars),
        first=(particulars.saved_by, particulars.saved_at),
    )
    # Of two guardians of a child, whoever submits has passed a check.
    verification.use(
        holder=card_request.holder,
        by=by,
        purpose=purpose(card_request=card_request),
        card_request=card_request,
        at=at,
    )
    requests.submit(card_request=card_request, by=by, at=at)
    Particulars.objects.filter(card_request=card_request).update(typed="", edited={})


@transaction.atomic
def save_address(*, card_request, make, typed, by, at):
    """Store what was `typed` as 收件信息, if it is valid and nothing clashes.

    Returns (the `Merged`, whether it is stored). `make(data)` makes the form. Raises as
    `save_shipment`.
    """
    role_of(by, card_request.holder, at=at)
    CardRequest.held(card_request.pk)
    merged = merge(
        make,
        typed,
        about=pages.about_shipping(card_request),
        author_of=lambda unit: author_of(card_request=card_request),
        is_final=True,
    )
    if merged.clashes or not merged.form.is_valid():
        return merged, False
    save_shipment(card_request=card_request, by=by, at=at, **merged.form.where())
    if own := merged.form.own_columns():
        give_own_contact(card_request=card_request, values=own, by=by, at=at)
    return merged, True


def ship(*, card_request, by, at, **where):
    """Store where the card goes, and go on. `where` are arguments of `save_shipment`.

    Returns and raises as `save_shipment` and `after_shipping`.
    """
    save_shipment(card_request=card_request, by=by, at=at, **where)
    return after_shipping(card_request=card_request, by=by, at=at)


def after_shipping(*, card_request, by, at):
    """Move the request on if no payment is due. Returns whether one is.

    Calls the payment gateway, so call it outside of any transaction. Raises `NotYours`, `TryLater`.
    """
    current = CardRequest.objects.select_related("rule", "holder", "shipment").get(
        pk=card_request.pk
    )
    if current.status != RequestStatus.SUBMITTED:
        return False
    if fees_of(current, at=at).total_fen:
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
