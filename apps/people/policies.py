"""What is allowed now with the entries of the roster and with consents."""

from django.conf import settings

from apps.people import documents
from apps.people.enums import ConsentStatus
from apps.people.models import Guardianship, User, birthday
from apps.people.refusals import ConsentRefused, RosterConflict

LEFT = (
    "您已经离职，在办的可以继续办完，新的请到新单位或当地社会保险经办机构办理。离职登记有误的，"
    "请联系人事处更正。"
)


# --- Who may be issued a first card online --------------------------------------------------------


def may_apply_online(holder):
    """Whether nothing in the entry of `holder` forbids a first card.

    `application.eligibility.check_person` says the same in words.
    """
    is_here = holder.deceased_date is None and holder.left_date is None
    is_of_a_citizen = documents.of_holder(holder).is_of_a_citizen
    return is_here and is_of_a_citizen and not holder.has_card_elsewhere


# --- Consents: what can be taken back -------------------------------------------------------------


def check_standing(consent):
    """Raise `ConsentRefused` when `consent` was taken back already."""
    if consent.status == ConsentStatus.WITHDRAWN:
        raise taken_back()


def taken_back():
    """The refusal to take back what was not given, or was taken back."""
    return ConsentRefused("这一项没有同意过，或已经撤回，不用再撤回。", code="not_given")


# --- The roster: what an entry must not do --------------------------------------------------------


def check_entry(*, user, holder, phone_owner, by, birth_date=None):
    """Raise `RosterConflict` if an entry would give a person the number or phone of another one.

    `user` is the account with the employee number of the entry (with `holder` selected), `holder`
    the person with its ID number, `phone_owner` the person with an account who has its phone. Each
    may be None. Neither may a new `birth_date` make a parent too young for a child, nor `by` (None
    for the command) say whose an account of the desk is.
    """
    known = getattr(user, "holder", None)
    for record, column in ((holder, "社会保障号码"), (known, "工号")):
        if record is not None and record.merged_into_id:
            raise RosterConflict(
                f"这个{column}的记录已并入同一个人的另一条，请改用那一条的工号和社会保障号码。",
                column=column,
                code="merged",
            )
    if known is not None and known != holder:
        raise RosterConflict(
            "这个工号已登记给另一个社会保障号码。请核对工号和号码；号码确有变更的，请联系系统管理员。",
            column="工号",
            code="employee_number_taken",
        )
    if holder is not None and holder.user_id and (user is None or holder.user_id != user.pk):
        raise RosterConflict(
            "这个社会保障号码已登记在另一个工号名下，一个人只能有一个工号。请核对。",
            column="社会保障号码",
            code="id_number_taken",
        )
    is_of_desk = user is not None and (user.is_staff or user.is_superuser)
    if is_of_desk and known is None and by is not None:
        # Whoever enters the phone could reset the password with it.
        raise RosterConflict(
            "这个工号是审核后台的账户，还没有登记是谁，名册不能替它登记手机号。"
            "请系统管理员先取消它「可进入审核后台」，登记以后再恢复。",
            column="工号",
            code="desk_account",
        )
    if phone_owner is not None and phone_owner != holder:
        raise RosterConflict(
            "这个手机号已属于另一个账户，一个手机号只能登录一个账户。请核对。",
            column="手机号",
            code="phone_taken",
        )

    if holder is not None and birth_date and birth_date != holder.birth_date:
        check_children(holder, birth_date)


def is_too_near_in_age(parent_born, child_born):
    """Whether somebody born on `parent_born` cannot be a parent of a child of `child_born`."""
    return birthday(parent_born, years=settings.PARENT_OLDER_BY_YEARS) > child_born


def check_children(holder, born):
    """Raise `RosterConflict` (parent_age) if `born` makes `holder` too young for a child of theirs.

    Counts children whom HR has confirmed.
    """
    confirmed = Guardianship.objects.confirmed().filter(guardian=holder).select_related("ward")
    if any(is_too_near_in_age(born, each.ward.birth_date) for each in confirmed):
        raise RosterConflict(
            f"按这个出生日期，本人没有比已确认的孩子大 {settings.PARENT_OLDER_BY_YEARS} 岁。"
            "请核对证件和「子女登记」。",
            column="出生日期",
            code="parent_age",
        )


def check_number_free(employee_number):
    """Raise `RosterConflict` when an account has the employee number `employee_number`."""
    if User.objects.filter(employee_number=employee_number).exists():
        raise RosterConflict(
            "这个工号已有账户，不能再用。", column="工号", code="employee_number_taken"
        )


def check_may_leave(*, user, by):
    """Raise `RosterConflict` if the roster may not lock out `user`: a superuser, or `by`."""
    if user.is_superuser or user == by:
        raise RosterConflict(
            "这是您自己或超级管理员的账户，名册不能停用它。请系统管理员单独办理。",
            column="在职状态",
            code="protected_account",
        )
