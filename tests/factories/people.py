"""Invented people, with valid ID numbers whose area code no county has."""

from datetime import UTC, date, datetime
from itertools import count

from django.contrib.auth.models import Group, Permission

from apps.desk import roles
from apps.events.enums import Channel, Role
from apps.guardianships import services as guardianships
from apps.guardianships.policies import SEXES
from apps.guardianships.services import register
from apps.lifecycle import engine
from apps.people.enums import Ethnicity, GuardianshipAction, Occupation, ProofKind, Sex
from apps.people.models import Guardianship, Holder, User
from apps.typed_text import id_numbers
from apps.typed_text.id_numbers import check_character

_sequence = count(1)
PASSWORD = "a-long-test-password"  # noqa: S105
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


def make_id_number(*, birth_date=date(1985, 6, 15), sex=Sex.MALE, sequence=None):
    """A check-valid number with the area code 379999, which no county has."""
    number = next(_sequence) if sequence is None else sequence
    place = number % 500 * 2 + (1 if sex == Sex.MALE else 0)
    area = 379999 - number // 500
    first17 = f"{area}{birth_date:%Y%m%d}{place:03d}"
    return first17 + check_character(first17)


def make_user(employee_number=None, *, password=PASSWORD, **fields):
    return User.objects.create_user(
        employee_number or f"T{next(_sequence):06d}", password, **fields
    )


def make_holder(*, user=None, birth_date=date(1985, 6, 15), sex=Sex.MALE, **fields):
    """A member of the staff with an account of their own; `user=False` for none."""
    number = next(_sequence)
    values = {
        "name": "张超",
        "id_number": make_id_number(birth_date=birth_date, sex=sex),
        "ethnicity": Ethnicity.C01,
        "phone": f"138{number:08d}",
        "address": "山东省淄博市张店区共青团西路 88 号",
        "occupation": Occupation.PROFESSIONAL,
        "department": "信息学院",
    } | fields
    account = None if user is False else user or make_user()
    return Holder.objects.create(user=account, birth_date=birth_date, sex=sex, **values)


def make_colleague(role, **fields):
    """A member of HR in the `role` of apps.desk.roles."""
    user = make_user(is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


def grant(user, *codenames):
    """Give `user` a role of their own with just these permissions."""
    role = Group.objects.create(name=f"角色{next(_sequence)}")
    role.permissions.set(Permission.objects.filter(codename__in=codenames))
    user.groups.add(role)


def make_reviewer(**fields):
    """A member of HR who may review requests."""
    return make_colleague(roles.REVIEWER, **fields)


def make_ward(guardian, *, birth_date=date(2018, 6, 1), sex=Sex.FEMALE, confirmed_by=None):
    """A child of `guardian`, confirmed by HR."""
    ward = make_holder(
        user=False, name="张乐", birth_date=birth_date, sex=sex, phone="", occupation=""
    )
    make_guardianship(guardian, ward, confirmed_by=confirmed_by)
    return ward


def make_guardianship(guardian, ward, *, confirmed_by=None):
    """The confirmed guardianship of `guardian`, perhaps the second one, with `ward`."""
    relation = next(r for r, pair in SEXES.items() if pair == (guardian.sex, ward.sex))
    guardianship = Guardianship(
        guardian=guardian,
        ward=ward,
        ward_name=ward.name,
        relation=relation,
        proof_kind=ProofKind.HOUSEHOLD_BOOK,
        created_at=MOMENT,
        ends_at=ward.own_from_at,
    )
    guardianships.begin(guardianship=guardianship, by=guardian.user, at=MOMENT)
    engine.move(
        guardianship,
        GuardianshipAction.CONFIRM,
        by=confirmed_by or make_reviewer(),
        role=Role.REVIEWER,
        at=MOMENT,
        channel=Channel.ADMIN,
    )
    return guardianship


def set_birth_date(ward, birth_date):
    """Make the child younger or older, and its guardianships end accordingly."""
    Holder.objects.filter(pk=ward.pk).update(birth_date=birth_date)
    ward.refresh_from_db()
    ward.guardians.update(ends_at=ward.own_from_at)


def make_registration(
    guardian, *, id_number=None, name="张乐", birth_date=date(2018, 6, 1), at=None, **fields
):
    """A child that `guardian` registered and HR has not decided on; a daughter by default."""
    at = at or MOMENT
    number = id_number or make_id_number(birth_date=birth_date, sex=Sex.FEMALE)
    pair = (guardian.sex, id_numbers.sex(number))
    values = {
        "name": name,
        "id_number": number,
        "relation": next(r for r, sexes in SEXES.items() if sexes == pair),
        "proof_kind": ProofKind.HOUSEHOLD_BOOK,
        "pictures": [b"a picture"],
        "ip": "10.0.0.1",
        "by": guardian.user,
        "at": at,
    }
    return register(**values | fields)
