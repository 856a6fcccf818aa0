"""What the hidden fields of the pages are about, and what 核对信息 shows, line by line."""

from apps.common.masks import card_number
from apps.common.shown import part, seal_parts
from apps.requests import registry
from apps.requests.declaration import FieldPlace

PICTURE = "一张照片"


def token(card_request):
    """The hidden field of the page that shows `card_request`."""
    return seal_parts(about_check(card_request), parts(card_request, card_request.particulars))


def about_check(card_request):
    """What the hidden field of 核对信息 is about."""
    return f"confirm:{card_request.pk}"


def about_form(card_request, amendment=None):
    """What the hidden field of the form is about; another amendment is another form."""
    return f"particulars:{card_request.pk}:{amendment.pk if amendment else ''}"


def about_shipping(card_request):
    """What the hidden field of 收件信息 is about."""
    return f"shipping:{card_request.pk}"


def parts(card_request, particulars):
    """Every line of the page, in order: `Part`s. Select `city__province` and `bank` along."""
    return [
        *_replaced(card_request),
        part("地区", card_request.city.full_name),
        part("发卡银行", card_request.bank.name),
        *(_given(declared, particulars) for declared in registry.every()),
    ]


def _replaced(card_request):
    if not card_request.is_replacement:
        return []
    number = card_request.old_card.card_number
    return [
        part("补换原因", card_request.get_replacement_reason_display()),
        part("旧卡", card_number(number), number),
    ]


def _given(declared, particulars):
    values = declared.values(particulars)
    if declared.name == "portrait":
        return part(declared.label, PICTURE if particulars.portrait else "", str(values))
    return part(declared.label, declared.shown(particulars, FieldPlace.CHECK), str(values))
