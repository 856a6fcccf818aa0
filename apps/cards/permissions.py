"""Who may act and read, and in which role. The lifecycle tables say what is allowed now."""

from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.events.enums import Role
from apps.people.models import Guardianship


class NotYours(Refused):
    """The user has nothing to do with this person's card."""


class MayNotReview(Refused):
    """The user is no reviewer, or is a party to the case."""


def role_of(user, holder, *, at):
    """`Role.HOLDER` or `Role.GUARDIAN`: the role of `user` for `holder` at the moment `at`.

    The one rule of who acts for a person and reads the person's matters: from the 16th birthday on
    the person alone, before it the confirmed guardians alone. `Holder.objects.visible_to` is the
    same as a queryset. Raises `NotYours` for everybody else, and says why to a guardian that was
    and to a person who is too young.
    """
    is_own = holder.user_id is not None and holder.user_id == user.pk
    if is_own and holder.is_of_age(at):
        return Role.HOLDER
    bonds = Guardianship.objects.filter(guardian__user=user, ward=holder)
    if holder.is_of_age(at):
        if bonds.confirmed().exists():
            raise handed_over()
    elif bonds.active(at=at).exists():
        return Role.GUARDIAN
    elif is_own:
        raise too_young()
    raise NotYours("您只能为本人或已登记的未成年子女办理。", code="not_yours")


def handed_over():
    """The `NotYours` for a guardian of somebody who acts alone now."""
    return NotYours(
        f"孩子已满{rule_text('GUARDIAN_UNTIL_AGE')}，您不能再代为办理和查看，在办的事已移交孩子本人。"
        "请孩子本人办理，本人的账户到人事处开通。",
        code="of_age",
    )


def too_young():
    """The `NotYours` for a person with an account for whom a guardian still acts."""
    return NotYours(
        f"未满{rule_text('GUARDIAN_UNTIL_AGE')}的，由父亲或母亲用自己的账户代为办理。",
        code="too_young",
    )


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
