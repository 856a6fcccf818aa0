"""What a member of the staff may do about children: register one, and apply for one."""

from functools import partial

from django.urls import reverse

from apps.application.eligibility import AlreadyRunning
from apps.application.offers import to_begin_for
from apps.events.enums import Role
from apps.lifecycle.offers import Offer, offer_to_begin
from apps.people import policies
from apps.people.enums import GuardianshipAction
from apps.people.lifecycle import GUARDIANSHIP

REGISTER = GuardianshipAction.CLAIM


def to_register(guardian, *, claims, at) -> Offer:
    """The offer to register a child to `guardian`, the holder of the account; None without one.

    `claims` are all that the guardian has made.
    """
    held = sum(not claim.is_refused and claim.ends_at > at for claim in claims)
    return offer_to_begin(
        GUARDIANSHIP,
        REGISTER,
        words="登记子女",
        url=reverse("children:register"),
        role=Role.GUARDIAN,
        checks=(partial(policies.check_may_claim, guardian, held=held),),
        is_main=not claims,
    )


def to_apply(children, *, at) -> dict[int, tuple[str, str]]:
    """Child pk → (words, address) of an 申领: to begin one, or to go on with the one that runs.

    The user is the guardian of all `children`. Who has a card is not among the answers. Two
    queries for all, none without children.
    """
    if not children:
        return {}
    roles = dict.fromkeys([child.pk for child in children], Role.GUARDIAN)
    found = {}
    for key, offer in to_begin_for(children, roles=roles, at=at).items():
        if offer.is_open:
            found[key] = (offer.words, offer.url)
        elif isinstance(offer.refusal, AlreadyRunning) and offer.next_step:
            found[key] = offer.next_step
    return found
