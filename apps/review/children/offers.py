"""What a reviewer may decide about a guardian's registration now."""

from functools import partial

from apps.common.addresses import row_url
from apps.desk.claims.policies import check_held, open_decisions
from apps.events.enums import Role
from apps.lifecycle.offers import Offers, known, offer
from apps.people.enums import GuardianshipAction

_WORDS = {
    GuardianshipAction.CONFIRM: "确认监护关系",
    GuardianshipAction.REFUSE: "不确认",
}


def decisions(guardianship, hold, *, by, at, is_typed=False) -> Offers:
    """The decisions that the table has for the status of `guardianship`; none when it is over.

    `hold` is the `Hold` of `by`. `is_typed` says that a form was typed before the claim was lost:
    it may still be corrected and sent.
    """
    held = () if is_typed else (partial(check_held, hold.claim, by=by, at=at),)
    return Offers(
        offer(
            guardianship,
            action,
            words=_WORDS[action],
            url=row_url(f"admin:people_guardianship_{action.lower()}", guardianship.reference),
            role=Role.REVIEWER,
            at=at,
            checks=(known(hold.barred), *held),
            is_main=action == GuardianshipAction.CONFIRM,
            is_post=True,
        )
        for action in open_decisions(guardianship, at=at)
    )
