"""What is allowed now with guardianships and with the entries of the roster."""

from django.conf import settings

from apps.common.moments import day_of
from apps.common.rules import rule_text
from apps.people import documents
from apps.people.enums import ConsentStatus, Relation, Sex
from apps.people.models import Guardianship, User, birthday
from apps.people.permissions import is_party, party_sentence
from apps.people.refusals import ConsentRefused, RegistrationRefused, RosterConflict
from apps.typed_text import id_numbers, names

MOST_GUARDIANS = 2
COUNTER = f"请带户口簿或出生医学证明、本人身份证，到{settings.PORTAL_OPERATOR['contact']}核对办理。"

# --- Guardianships: what may be registered, and what confirmed ------------------------------------

# (sex of the guardian, sex of the child)
SEXES = {
    Relation.FATHER_SON: (Sex.MALE, Sex.MALE),
    Relation.FATHER_DAUGHTER: (Sex.MALE, Sex.FEMALE),
    Relation.MOTHER_SON: (Sex.FEMALE, Sex.MALE),
    Relation.MOTHER_DAUGHTER: (Sex.FEMALE, Sex.FEMALE),
}


def relations_of(sex):
    """The relations that a guardian of the sex `sex` can have; all where it is not stated."""
    if sex not in (Sex.MALE, Sex.FEMALE):
        return list(Relation)
    return [relation for relation, (guardian, _) in SEXES.items() if guardian == sex]


LEFT = (
    "您已经离职，在办的可以继续办完，新的请到新单位或当地社会保险经办机构办理。离职登记有误的，"
    "请联系人事处更正。"
)


def check_may_register(guardian, *, held, at):
    """Raise `RegistrationRefused` unless `guardian` may register a child beside `held` others."""
    check_known(guardian)
    if guardian.left_date is not None:
        raise RegistrationRefused(LEFT, code="left")
    check_adult(guardian, at=at)
    if held >= settings.GUARDIAN_MAX_WARDS:
        raise RegistrationRefused(
            f"一位监护人最多登记 {rule_text('GUARDIAN_MAX_WARDS', gap=' ')}，"
            f"您已达到上限。{COUNTER}",
            code="too_many_wards",
        )


def check_known(guardian):
    """Raise `RegistrationRefused` without a `guardian`, the holder behind an account."""
    if guardian is None:
        raise RegistrationRefused("人事名册里没有您，请先到人事处登记。", code="no_holder")


def check_adult(guardian, *, at):
    """Raise `RegistrationRefused` (too_young) unless `guardian` is an adult at the moment `at`."""
    if id_numbers.age(guardian.birth_date, day=day_of(at)) < settings.GUARDIAN_FROM_AGE:
        raise RegistrationRefused(
            f"满{rule_text('GUARDIAN_FROM_AGE')}才能登记子女、替孩子办理。"
            f"请由孩子的另一位父母登记；没有办法的，{COUNTER}",
            code="too_young",
        )


def check_registration(*, guardian, id_number, relation, pictures, at):
    """Raise `RegistrationRefused` unless `guardian` can register a child with these answers.

    `guardian` is the holder behind the account, None without one; `pictures` is their number.
    """
    check_known(guardian)
    check_document(id_number)
    check_age(id_number, at=at)
    check_parent(guardian, child_born=id_numbers.birth_date(id_number))
    check_relation(relation, guardian=guardian, ward_sex=id_numbers.sex(id_number))
    if not 0 < pictures <= settings.PROOF_MAX_PICTURES:
        raise RegistrationRefused(
            f"请上传 1 至 {rule_text('PROOF_MAX_PICTURES', gap=' ')}证明影像。", code="pictures"
        )


def check_document(id_number):
    """Raise `RegistrationRefused` (other_document) for a child who has no identity card."""
    document = documents.of_number(id_number)
    if document is not None and not document.is_of_a_citizen:
        raise RegistrationRefused(
            documents.where_instead(document, whose="孩子"), code="other_document"
        )


def check_age(id_number, *, at):
    """Raise `RegistrationRefused` (grown_up) for a child who acts alone at the moment `at`."""
    born = id_numbers.birth_date(id_number)
    if id_numbers.age(born, day=day_of(at)) >= settings.GUARDIAN_UNTIL_AGE:
        raise RegistrationRefused(
            f"孩子已满{rule_text('GUARDIAN_UNTIL_AGE')}，要由孩子本人办理，您不能再代办。"
            "本人的账户请到人事处开通。",
            code="grown_up",
        )


def check_parent(guardian, *, child_born):
    """Raise `RegistrationRefused` (parent_age) unless `guardian` can be the father or mother.

    Every `Relation` is of a parent. `child_born` is the birth date that the child's number tells.
    """
    if is_too_near_in_age(guardian.birth_date, child_born):
        raise RegistrationRefused(
            f"按社会保障号码，您没有比孩子大 {settings.PARENT_OLDER_BY_YEARS} 岁，"
            "而登记的人应是孩子的父亲或母亲。请核对孩子的号码，填错的请改正；"
            f"没有填错的，{COUNTER}",
            code="parent_age",
        )


def is_too_near_in_age(parent_born, child_born):
    """Whether somebody born on `parent_born` cannot be a parent of a child of `child_born`."""
    return birthday(parent_born, years=settings.PARENT_OLDER_BY_YEARS) > child_born


def check_relation(relation, *, guardian, ward_sex):
    """Raise `RegistrationRefused` (relation) unless `relation` fits the sex of both."""
    guardian_sex, child_sex = SEXES[Relation(relation)]
    if guardian.sex in (Sex.MALE, Sex.FEMALE) and guardian.sex != guardian_sex:
        raise RegistrationRefused("监护关系与人事名册中您的性别不符，请重新选择。", code="relation")
    if ward_sex != child_sex:
        fitting = next(r for r, pair in SEXES.items() if pair == (guardian_sex, ward_sex))
        raise RegistrationRefused(
            f"按社会保障号码，孩子是{'男' if ward_sex == Sex.MALE else '女'}孩，"
            f"监护关系应为「{fitting.label}」。请核对号码和关系。",
            code="relation",
        )


def check_registrable(ward, *, name, guardian, at):
    """Raise `RegistrationRefused` unless `guardian` can register the child `ward` under `name`."""
    if guardian.guardianships.not_refused().filter(ward=ward).exists():
        raise registered_already()
    held = guardian.guardianships.not_refused().filter(ends_at__gt=at)
    check_may_register(guardian, held=held.count(), at=at)
    confirmed = Guardianship.objects.confirmed().filter(ward=ward).count()
    has_other_name = confirmed and not names.is_same(ward.name, name)
    if ward.user_id is not None or has_other_name or confirmed >= MOST_GUARDIANS:
        # One answer for all of these cases, so that it does not tell whose number this is.
        raise RegistrationRefused(f"这个孩子不能在网上登记。{COUNTER}", code="at_the_counter")


def registered_already():
    """The refusal of a second registration of one guardian for one child."""
    return RegistrationRefused("您已经登记过这个孩子，不用再登记。", code="registered")


def check_may_decide(guardianship, *, by):
    """Raise `RegistrationRefused` (party) when `by` is too near to the registration."""
    if is_party(by, guardianship):
        raise RegistrationRefused(party_sentence(what="登记", verb="确认"), code="party")


def check_confirmable(guardianship, *, ward, at):
    """Raise `RegistrationRefused` unless HR can confirm `guardianship` of `ward` at `at`."""
    check_age(ward.id_number, at=at)
    if is_too_near_in_age(guardianship.guardian.birth_date, ward.birth_date):
        raise RegistrationRefused(
            f"按两人的号码，登记人没有比孩子大 {settings.PARENT_OLDER_BY_YEARS} 岁，"
            "不能确认为父亲或母亲。请核对证明，选不确认并写明原因；人事名册里登记人的号码有错的，"
            "请先更正。",
            code="parent_age",
        )
    confirmed = Guardianship.objects.confirmed().filter(ward=ward).count()
    if confirmed >= MOST_GUARDIANS:
        raise RegistrationRefused(
            f"这个孩子已有 {MOST_GUARDIANS} 位监护人，不能再加。请选不确认，并写明原因。",
            code="two_guardians",
        )
    if confirmed and not names.is_same(ward.name, guardianship.ward_name):
        raise RegistrationRefused(
            "登记的姓名与这个孩子已确认的姓名不一致，请核对证明；确实不一样的，选不确认，并写明原因。",
            code="other_name",
        )


# --- Who may be issued a first card online --------------------------------------------------------


def may_apply_online(holder):
    """Whether nothing in the entry of `holder` forbids a first card.

    `application.eligibility.check_person` says the same in words.
    """
    is_here = holder.deceased_date is None and holder.left_date is None
    is_of_a_citizen = documents.of_holder(holder).is_of_a_citizen
    return is_here and is_of_a_citizen and not holder.has_card_elsewhere


# --- The roster: what an entry must not do --------------------------------------------------------


def check_standing(consent):
    """Raise `ConsentRefused` when `consent` was taken back already."""
    if consent.status == ConsentStatus.WITHDRAWN:
        raise taken_back()


def taken_back():
    """The refusal to take back what was not given, or was taken back."""
    return ConsentRefused("这一项没有同意过，或已经撤回，不用再撤回。", code="not_given")


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
