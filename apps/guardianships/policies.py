"""What may be registered as a guardianship, and what HR may confirm."""

from django.conf import settings

from apps.common.moments import day_of
from apps.common.rules import rule_text
from apps.guardianships.refusals import RegistrationRefused
from apps.people import documents
from apps.people.enums import ConsentKind, Relation, Sex
from apps.people.models import Guardianship
from apps.people.permissions import is_party, party_sentence
from apps.people.policies import LEFT, is_too_near_in_age
from apps.typed_text import id_numbers, names

MOST_GUARDIANS = 2
COUNTER = f"请带户口簿或出生医学证明、本人身份证，到{settings.PORTAL_OPERATOR['contact']}核对办理。"

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


def consent_kind(birth_date, *, at):
    """What the guardian of somebody born on `birth_date` agrees to at the moment `at`."""
    age = id_numbers.age(birth_date, day=day_of(at))
    return ConsentKind.CHILDREN if age < settings.CHILD_UNTIL_AGE else ConsentKind.SENSITIVE


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
