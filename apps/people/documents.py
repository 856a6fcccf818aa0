"""What a number says of the document it stands on, and of the nationality: one rule for all rooms.

Numbers of 18 digits have one structure, and their beginning tells whose they are: 81, 82 and 83
stand on the residence permits of people from Hong Kong, Macao and Taiwan, 9 on those of permanent
foreign residents, all others on the identity card of a citizen. Roster, registration of children
and eligibility ask here.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from apps.people.enums import IdType
from apps.typed_text import id_numbers

CHINA = "CHN"
NATIONALITIES = {CHINA: "中国", "HKG": "中国香港", "MAC": "中国澳门", "TWN": "中国台湾"}
_OF_PERMITS = {"81": "HKG", "82": "MAC", "83": "TWN"}


@dataclass(frozen=True)
class Document:
    """A kind of document, and the nationality of who holds it; empty where it is not known."""

    id_type: IdType
    nationality: str

    @property
    def is_of_a_citizen(self):
        """Whether it is the identity card, the only document that can be used online."""
        return (self.id_type, self.nationality) == (IdType.RESIDENT, CHINA)


# `Document.is_of_a_citizen` for the database, of what is entered: numbers are encrypted.
OF_NO_CITIZEN = ~Q(id_type=IdType.RESIDENT, nationality=CHINA)


def of_number(number):
    """The `Document` with `number`; None for a number of another structure, as of a passport."""
    if id_numbers.told_by(number) is None:
        return None
    if number.startswith("9"):
        return Document(IdType.PERMANENT_RESIDENT, "")
    if nationality := _OF_PERMITS.get(number[:2]):
        return Document(IdType.RESIDENCE_PERMIT, nationality)
    return Document(IdType.RESIDENT, CHINA)


def columns(number):
    """The columns of a `Holder` that `number` tells."""
    told = of_number(number)
    return {"id_type": told.id_type, "nationality": told.nationality} if told else {}


def of_holder(holder):
    """The `Document` of `holder`: what is entered, unless the number stands on another one.

    An entry may be older than this rule.
    """
    told = of_number(holder.id_number)
    if told is None or told.is_of_a_citizen or told.id_type == holder.id_type:
        return Document(IdType(holder.id_type), holder.nationality)
    return told


def where_instead(document, *, whose):
    """What `whose` (您, 孩子) holder of `document` is told who cannot use the portal with it."""
    return (
        f"网上申领只面向持居民身份证的中国公民，{whose}登记的证件是"
        f"{document.id_type.label}{_of_nationality(document)}。"
        f"请带有效的{document.id_type.label}原件，到{settings.PORTAL_OPERATOR['contact']}办理。"
    )


def _of_nationality(document):
    is_plain = document.nationality in ("", CHINA)
    name = NATIONALITIES.get(document.nationality, document.nationality)
    return "" if is_plain else f"（国籍：{name}）"


# What HR writes for a type of document, beside its label.
USUAL_NAMES = {
    **dict.fromkeys(("身份证", "公民身份证", "二代身份证", "第二代居民身份证"), IdType.RESIDENT),
    **dict.fromkeys(("外国人永久居留身份证", "永久居留证"), IdType.PERMANENT_RESIDENT),
    **dict.fromkeys(
        ("港澳台居住证", "居住证", "港澳居民居住证", "台湾居民居住证"),
        IdType.RESIDENCE_PERMIT,
    ),
    **dict.fromkeys(("港澳通行证", "回乡证"), IdType.HONGKONG_MACAO),
    **dict.fromkeys(("台胞证",), IdType.TAIWAN),
}


# --- What the columns of a roster say beside the number -------------------------------------------

_OF_CHINA = frozenset(NATIONALITIES)
_ALLOWED = {
    IdType.RESIDENT: frozenset({CHINA}),
    IdType.HONGKONG_MACAO: frozenset({CHINA, "HKG", "MAC"}),
    IdType.TAIWAN: frozenset({CHINA, "TWN"}),
}


def check_type(number, id_type):
    """Raise ValidationError (id_type) where `number` stands on another document."""
    told = of_number(number)
    if told is not None and told.id_type != id_type:
        raise ValidationError(
            f"这是{told.id_type.label}的号码，证件类型却是{IdType(id_type).label}。"
            f"请把证件类型改为“{told.id_type.label}”，或空着不填；号码填错的，请改号码。",
            code="id_type",
        )


def usual_nationality(number, id_type):
    """The nationality of who holds this document; "" where the document does not tell it."""
    told = of_number(number)
    if told is not None:
        return told.nationality
    if id_type == IdType.HONGKONG_MACAO:
        return {"H": "HKG", "M": "MAC"}.get(number[:1], "")
    return {IdType.TAIWAN: "TWN"}.get(id_type, "")


def check_nationality(number, id_type, nationality):
    """Raise ValidationError (nationality) where `nationality` cannot go with the document."""
    label = IdType(id_type).label
    if id_type == IdType.PERMANENT_RESIDENT and nationality in _OF_CHINA:
        raise ValidationError(
            f"{label}发给外国人，国籍不能是{NATIONALITIES[nationality]}。请核对国籍和证件类型。",
            code="nationality",
        )
    allowed = _ALLOWED.get(id_type)
    if id_type == IdType.RESIDENCE_PERMIT:
        allowed = frozenset({CHINA, usual_nationality(number, id_type)})
    if allowed is not None and nationality not in allowed:
        wanted = "或".join(f"{code}（{NATIONALITIES[code]}）" for code in sorted(allowed))
        raise ValidationError(
            f"持{label}的，国籍应为{wanted}。请核对国籍和号码。", code="nationality"
        )
