"""Who may act, and in which capacity. What is allowed now is the lifecycle tables' matter."""

from django.db.models import Q

from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.rules import in_words
from apps.events.enums import Role
from apps.people.models import Guardianship, Holder

PARTY = "这是您本人或您子女的申请，不能由您审核，请交给其他审核人。"


class NotYours(Refused):
    """The user has nothing to do with this person's card."""


class MayNotReview(Refused):
    """The user is no reviewer, or is a party to the case."""


def role_of(user, holder, *, at):
    """`Role.HOLDER` or `Role.GUARDIAN`, as `user` stands to `holder` at the moment `at`.

    Raises `NotYours` for everybody else, and for a guardian from the 16th birthday on.
    """
    if holder.user_id is not None and holder.user_id == user.pk:
        return Role.HOLDER
    bonds = Guardianship.objects.confirmed().filter(guardian__user=user, ward=holder)
    if bonds.exists():
        if holder.own_from_date > day_of(at):
            return Role.GUARDIAN
        raise NotYours(
            f"孩子已满{in_words('GUARDIAN_UNTIL_AGE')}，您不能再代为办理；在办的申请只能查看。"
            "请孩子本人办理，本人的账户到人事处开通。",
            code="of_age",
        )
    raise NotYours("您只能为本人或已登记的未成年子女办理。", code="not_yours")


def check_is_reviewer(user):
    """Raise `MayNotReview` unless `user` may decide on other people's cases."""
    if not (user.is_active and user.has_perm("cards.review_cardrequest")):
        raise MayNotReview("您没有审核申请的权限。", code="no_permission")


def people_of(user):
    """`user` as a holder, and the children whose guardian they are, or ever were."""
    wards = Guardianship.objects.filter(guardian__user=user).values("ward")
    return Holder.objects.filter(Q(user=user) | Q(pk__in=wards))


def check_is_no_party(user, holder):
    """Raise `MayNotReview` when the case is that of `user` or of a child of theirs."""
    _check_is_nobody_of(user, holder.pk)


def _check_is_nobody_of(user, holder_pk):
    if people_of(user).filter(pk=holder_pk).exists():
        raise MayNotReview(PARTY, code="party")


def check_may_review(user, request):
    """Raise `MayNotReview` unless `user` is a reviewer with no part in the case.

    Nobody decides on their own request, on one they filled in, or on that of a child.
    """
    check_is_reviewer(user)
    if request.applicant_id == user.pk:
        raise MayNotReview(PARTY, code="party")
    _check_is_nobody_of(user, request.holder_id)
