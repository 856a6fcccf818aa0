"""代未成年子女办理: what a guardian agrees to, and how the draft of a child is opened."""

from django.db import transaction

from apps.application import eligibility
from apps.cards.permissions import role_of
from apps.guardianships.policies import consent_kind
from apps.people import services as people
from apps.people.enums import ConsentKind
from apps.requests import services as requests


def agreed_kinds(ward, *, at):
    """The consents for a child: below 14 the children's rules, from 14 on those of adults."""
    return (
        ConsentKind.SERVICE,
        ConsentKind.PRIVACY,
        consent_kind(ward.birth_date, at=at),
        ConsentKind.THIRD_PARTY,
    )


@transaction.atomic
def agree(*, ward, ip, by, at):
    """Store the guardian's consents for the child. Raises `NotYours`."""
    role_of(by, ward, at=at)
    people.record_consent(user=by, holder=ward, kinds=agreed_kinds(ward, at=at), ip=ip, at=at)


def has_agreed(*, ward, user, at):
    """Whether `user` agreed for the child to the present version of every text."""
    return people.has_consented(user=user, holder=ward, kinds=agreed_kinds(ward, at=at))


@transaction.atomic
def start(*, ward, city, bank, by, at, shown=""):
    """申领资格预校验 for a child: open the draft, or go on with that of either guardian.

    `shown` is the hidden field of the page. Returns the request. Raises `NotYours`, `NotEligible`,
    `NotAsShown`.
    """
    eligibility.check_employed(eligibility.holder_of(by))
    draft = eligibility.check_for_ward(ward=ward, city=city, bank=bank, at=at)
    where = {"city": city, "bank": bank, "by": by, "at": at}
    if draft is None:
        try:
            draft = requests.open_draft(holder=ward, **where)
        except requests.DuplicateRequest:
            # The other guardian, or another tab, came first: go on with the draft opened there.
            draft = eligibility.own_draft(ward, at=at)
    requests.change_destination(card_request=draft, shown=shown, **where)
    return draft
