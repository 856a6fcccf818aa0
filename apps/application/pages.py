"""What the hidden fields of the pages are about, and what 核对信息 shows, line by line."""

from apps.common.visibility import shown
from apps.requests import registry
from apps.unsent.shown import check_as_shown, part, seal_parts

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


def picture_token(particulars):
    """The hidden field of the page on which the uploaded picture is cropped."""
    return seal_parts(_about_picture(particulars), _picture(particulars.portrait_source.name))


def check_picture(token, particulars):
    """Raise `NotAsShown` unless the page with the hidden field `token` showed this picture."""
    check_as_shown(
        token,
        _about_picture(particulars),
        _picture(particulars.portrait_source.name),
        first=_saved(particulars),
    )


def check_same_picture(source, particulars):
    """Raise `NotAsShown` if the picture `source` (a name or None) is not the uploaded one now."""
    if source is not None:
        before = seal_parts(_about_picture(particulars), _picture(source))
        check_picture(before, particulars)


def offer_token(card_request, offer):
    """The hidden field of a page that shows `offer`, the portrait that the unit offers."""
    return seal_parts(_about_offer(card_request), _offer(offer))


def check_offer(token, card_request, offer):
    """Raise `NotAsShown` unless the page with the hidden field `token` showed `offer`."""
    check_as_shown(token, _about_offer(card_request), _offer(offer))


def _about_offer(card_request):
    return f"offered:{card_request.pk}"


def _offer(offer):
    return [part("单位给您拍的照片", PICTURE, offer.picture.name)]


def _about_picture(particulars):
    return f"crop:{particulars.card_request_id}"


def _picture(name):
    return [part("要裁剪的照片", PICTURE if name else "", name)]


def _saved(particulars):
    return particulars.saved_at and (particulars.saved_by, particulars.saved_at)


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
        part("旧卡", shown(number, "page.card_number"), number),
    ]


def _given(declared, particulars):
    values = declared.values(particulars)
    if declared.name == "portrait":
        return part(declared.label, PICTURE if particulars.portrait else "", str(values))
    return part(declared.label, declared.shown(particulars, "own_form"), str(values))
