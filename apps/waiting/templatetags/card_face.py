"""A social security card, drawn."""

from django import template

from apps.common.kept_html import KeptHtml
from apps.common.visibility import shown
from apps.people import family

register = template.Library()

# What is of one card or one person. The rest is one of a few drawings.
_PERSONAL = ("key", "spoken", "place", "name", "number", "city", "bank", "url")
_OF_A_MOMENT = ("words", "printed_width", "ring", "time_left")
_FACE = KeptHtml("components/_card_face.html", most=500, put_in=(*_PERSONAL, *_OF_A_MOMENT))


@register.simple_tag(takes_context=True)
def draw_face(context, face, url="", is_small=False):
    """The `waiting.card_face.CardFace` `face`, with a link to the page `url` about it.

    `is_small`: beside something else, without the small print; else as wide as its place.
    """
    reader, number = context.get("user"), ""
    if face.card is not None:
        number = shown(face.card.card_number, "page.card_number")
    return _FACE(
        look=face.look.lower(),
        is_empty=face.is_empty,
        is_small=bool(is_small),
        is_printing=face.is_printing,
        is_frosted=face.is_frosted,
        is_made=face.card is not None,
        is_linked=bool(url),
        former=face.former.lower(),
        tone=face.tone,
        icon_name=face.icon,
        key=face.key,
        spoken="" if face.is_empty else _spoken(face, number, reader),
        place=_place(face.holder, reader) if face.is_empty else "",
        city="" if face.is_empty else face.city.full_name,
        bank="" if face.is_empty else face.bank.name,
        name="" if face.is_empty else shown(face.holder.name, "page.name"),
        number=number,
        words=face.words,
        time_left=face.time_left,
        printed_width=face.printed_width,
        ring=face.ring,
        url=url,
    )


def _spoken(face, number, reader):
    """The drawing as one sentence, which is read aloud."""
    name = family.name_of(face.holder, reader=reader)
    said = f"社会保障卡，{face.city.full_name}，{face.bank.name}，{name}，"
    said += f"卡号 {number}" if face.card is not None else "制成后有卡号"
    return f"{said}，停用还剩 {face.time_left}" if face.is_frosted else said


def _place(holder, reader):
    """What is said where there is no card."""
    if holder.has_card_elsewhere:
        return "卡在别处管理"
    if holder.user_id == getattr(reader, "pk", None):
        return "您还没有社保卡"
    return f"{family.name_of(holder, reader=reader)} 还没有社保卡"
