"""What a member of the staff may do about children: register one, and apply for one."""

from functools import partial

from apps.application.eligibility import AlreadyRunning
from apps.application.offers import to_begin_for
from apps.common.addresses import page_url
from apps.events.enums import Role
from apps.guardianships import policies
from apps.lifecycle.offers import Offer, offer_to_begin
from apps.people.enums import GuardianshipAction
from apps.people.lifecycle import GUARDIANSHIP

REGISTER = GuardianshipAction.REGISTER


def to_register(guardian, *, registrations, at) -> Offer:
    """The offer to register a child to `guardian`, the holder of the account; None without one.

    `registrations` are all registrations of the guardian.
    """
    held = sum(
        not guardianship.is_refused and guardianship.ends_at > at for guardianship in registrations
    )
    return offer_to_begin(
        GUARDIANSHIP,
        REGISTER,
        words="登记子女",
        url=page_url("children:register"),
        role=Role.GUARDIAN,
        checks=(partial(policies.check_may_register, guardian, held=held, at=at),),
        is_main=not registrations,
    )


def to_apply(children, *, by, at) -> dict[int, Offer]:
    """Child pk → the offer of an 申领: to begin one, or to go on with the one that runs.

    `by` is the guardian of all `children`. A child with nothing to do has no offer. Costs two
    queries for all, and none without children.
    """
    if not children:
        return {}
    found = {}
    for key, offer in to_begin_for(children, by=by, at=at).items():
        running = offer.refusal.main if isinstance(offer.refusal, AlreadyRunning) else None
        if offer.is_open or running:
            found[key] = running or offer
    return found
