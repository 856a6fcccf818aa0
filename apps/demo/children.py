"""The children of D1020: registered, confirmed, with cards on the way, and one near 16."""

import io
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from PIL import Image, ImageDraw

from apps.application import services as application
from apps.application import wards
from apps.common.moments import day_of
from apps.delivery.enums import DeliveryMethod
from apps.demo import actions, photos
from apps.demo.stories import action
from apps.guardianships import services as guardianships
from apps.people.enums import Ethnicity, GuardianshipStatus, ProofKind, Relation, Sex
from apps.people.models import Guardianship, User, years_before
from apps.regions.models import Bank, City
from apps.requests import services as requests
from apps.review import services as review
from apps.typed_text.id_numbers import check_character

MOTHER = "D1020"

_ACCEPTED = (("fill_in", 0.01), ("submit", 0.02), ("ship", 0.03), ("pay", 0.04), ("accept", 0.0401))
_SENT = (
    *_ACCEPTED,
    ("approve", 2.1),
    ("order", 2.11),
    ("fetch_reports", 6.3),
    ("fetch_reports", 11.5),
)


@dataclass(frozen=True)
class Child:
    """`place` are the three digits of sequence in the ID number, odd for a boy.

    The child was registered `days` ago. The story began a day after the registration was confirmed;
    it is None where the registration still waits or was refused.
    """

    name: str
    place: str
    days: int
    story: tuple | None
    is_refused: bool = False

    @property
    def sex(self):
        return Sex.MALE if int(self.place) % 2 else Sex.FEMALE


def _family(day):
    """The children by birth date, as of `day`, in the order in which they were registered."""
    return {
        years_before(day + timedelta(days=30), settings.GUARDIAN_UNTIL_AGE): Child(
            "何晴", "502", 40, (*_SENT, ("collect", 15), ("activate", 15.1))
        ),
        date(day.year - 2, 5, 20): Child("何安", "505", 16, _SENT),
        date(day.year - 8, 3, 5): Child("何乐", "504", 3, _ACCEPTED),
        date(day.year - 4, 2, 2): Child("何明", "509", 6, None, is_refused=True),
        date(day.year - 5, 9, 9): Child("何朗", "507", 1, None),
    }


def register(*, at):
    """Register the children of the family. Does nothing the second time."""
    mother = _mother()
    for born, child in _family(day_of(at)).items():
        if not mother.holder.guardianships.filter(ward_name=child.name).exists():
            guardianship = _register(mother, child, born, at - timedelta(days=child.days))
            if child.story and _has_portrait(guardianship.ward, at):
                photos.begin_upload(guardianship.ward)


def build(*, at, tell):
    """Play the stories of the registered children, except for those that have begun."""
    mother = _mother()
    for child in _family(day_of(at)).values():
        guardianship = Guardianship.objects.select_related("ward").get(
            guardian=mother.holder, ward_name=child.name
        )
        if child.story is None and not child.is_refused:
            tell(f"{child.name}：待确认")
        elif guardianship.status == GuardianshipStatus.WAITING:
            _live(mother, child, guardianship, at - timedelta(days=child.days), tell)


def _mother():
    return User.objects.select_related("holder").get(employee_number=MOTHER)


def _live(mother, child, guardianship, registered_at, tell):
    if child.is_refused:
        _refuse(guardianship, registered_at + timedelta(hours=5))
        tell(f"{child.name}：没有确认")
        return
    _confirm(guardianship, registered_at + timedelta(hours=5))
    card_request = _begin(mother, guardianship.ward, registered_at + timedelta(days=1))
    for name, days in child.story:
        act = _OWN.get(name) or action(name)
        act(card_request, registered_at + timedelta(days=1 + days))
    card_request.read_again()
    tell(f"{child.name}：{card_request.get_status_display()}")


def _register(mother, child, born, at):
    first17 = f"379999{born:%Y%m%d}{child.place}"
    is_boy = child.sex == Sex.MALE
    return guardianships.register(
        name=child.name,
        id_number=first17 + check_character(first17),
        relation=Relation.MOTHER_SON if is_boy else Relation.MOTHER_DAUGHTER,
        proof_kind=ProofKind.HOUSEHOLD_BOOK,
        pictures=[_page(), _page()],
        ip="127.0.0.1",
        by=mother,
        at=at,
    )


def _page():
    """A page of a book in which nothing is written, as JPEG."""
    image = Image.new("RGB", (900, 640), (236, 228, 208))
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 840, 580), outline=(120, 90, 70), width=3)
    for y in range(140, 580, 80):
        draw.line((60, y, 840, y), fill=(150, 120, 100), width=2)
    draw.line((260, 60, 260, 580), fill=(150, 120, 100), width=2)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=85)
    return target.getvalue()


def _confirm(guardianship, at):
    review.confirm_guardianship(
        guardianship=guardianship, by=actions.reviewer_of(guardianship, at), at=at
    )
    guardianship.ward.refresh_from_db()


def _refuse(guardianship, at):
    review.refuse_guardianship(
        guardianship=guardianship,
        reason="户口簿照片看不清姓名，请重新拍照登记",
        by=actions.reviewer_of(guardianship, at),
        at=at,
    )


def _begin(mother, ward, at):
    """Consents and precheck; the draft."""
    wards.agree(ward=ward, ip="127.0.0.1", by=mother, at=at)
    return wards.start(
        ward=ward,
        city=City.objects.get(code="370100"),
        bank=Bank.objects.get(code="95533"),
        by=mother,
        at=at,
    )


def _fill_in(card_request, at):
    """What the form of a child asks for."""
    by = card_request.applicant
    if _has_portrait(card_request.holder, at):
        actions.hand_in_photo(card_request, at)
    requests.save_draft(
        card_request=card_request, values={"ethnicity": Ethnicity.C01}, by=by, at=at
    )
    card_request.particulars.refresh_from_db()


def _has_portrait(ward, at):
    """Below 7 a card has none."""
    return ward.birth_date <= years_before(day_of(at), 7)


def _ship(card_request, at):
    """Send the card to the mother, with her phone."""
    mother = card_request.applicant.holder
    jinan = City.objects.get(code="370100")
    application.ship(
        card_request=card_request,
        by=card_request.applicant,
        at=at,
        method=DeliveryMethod.MAIL,
        recipient=mother.name,
        phone=mother.phone,
        city=jinan,
        county=jinan.counties.order_by("code").first(),
        address="解放路 134 号",
        postcode="250013",
    )


# Actions that are not the same for a child.
_OWN = {"fill_in": _fill_in, "ship": _ship}
