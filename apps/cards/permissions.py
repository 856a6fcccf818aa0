"""Who may act, and in which role. The lifecycle tables say what is allowed now."""

from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.events.enums import Role
from apps.people.enums import GuardianshipStatus
from apps.people.models import Guardianship


class NotYours(Refused):
    """The user has nothing to do with this person's card."""


class MayNotReview(Refused):
    """The user is no reviewer, or is a party to the case."""


def role_of(user, holder, *, at):
    """`Role.HOLDER` or `Role.GUARDIAN`: the role of `user` for `holder` at the moment `at`.

    Raises `NotYours` for everybody else, and for a guardian from the 16th birthday on.
    """
    if holder.user_id is not None and holder.user_id == user.pk:
        return Role.HOLDER
    bond = Guardianship.objects.confirmed().filter(guardian__user=user, ward=holder).first()
    if bond is not None:
        if bond.status_at(at) == GuardianshipStatus.CONFIRMED:
            return Role.GUARDIAN
        raise grown_up()
    raise NotYours("您只能为本人或已登记的未成年子女办理。", code="not_yours")


def grown_up():
    """The `NotYours` for a guardian of somebody who acts alone now."""
    return NotYours(
        f"孩子已满{rule_text('GUARDIAN_UNTIL_AGE')}，您不能再代为办理；在办的申请只能查看。"
        "请孩子本人办理，本人的账户到人事处开通。",
        code="of_age",
    )


def roles_of(user, holders, *, at):
    """Holder pk → role of `user`, for those of `holders` for whom `user` may act: one query.

    A holder whom `user` sees but who is missing here has grown up (`grown_up`).
    """
    own = {holder.pk: Role.HOLDER for holder in holders if holder.user_id == user.pk}
    others = {holder.pk for holder in holders} - set(own)
    if not others:
        return own
    bonds = Guardianship.objects.active(at=at).filter(guardian__user=user, ward__in=others)
    return own | dict.fromkeys(bonds.values_list("ward", flat=True), Role.GUARDIAN)


def check_may_act(role):
    """Raise `NotYours` if `role` is None, as `roles_of` has it for a user who may only read."""
    if role is None:
        raise grown_up()


def role_of_visible(user, holder):
    """The role of `user`, who is known to see `holder` (`visible_to`). Costs no query.

    Pages use it for what they offer. The services use `role_of`.
    """
    return Role.HOLDER if holder.user_id == user.pk else Role.GUARDIAN


def reads_all_cases(user):
    """Whether `user` may read the cases of everybody: reviewers and auditors."""
    return user.has_perm("cards.read_cases")


def check_is_reviewer(user):
    """Raise `MayNotReview` unless `user` may decide on other people's cases."""
    if not (user.is_active and user.has_perm("cards.review_cardrequest")):
        raise MayNotReview("您没有审核申请的权限。", code="no_permission")
