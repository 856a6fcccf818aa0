"""Small parts of pages that need more than an include."""

from html import escape

import segno
from django import template
from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from apps.common import navigation
from apps.common.addresses import page_url

register = template.Library()

# Stroke drawings in a box of 24 × 24; colour and width come from the class `icon`.
_ICONS = {
    "alert": '<path d="M12 4 2.8 20h18.4z"/><path d="M12 10v4.5M12 17.2v.1"/>',
    "bank": '<path d="m3 10 9-6 9 6M4 20h16M6 10v7M10 10v7M14 10v7M18 10v7"/>',
    "bell": '<path d="M6 16v-5a6 6 0 1 1 12 0v5l1.5 2h-15zM10 20.5h4"/>',
    "camera": '<path d="M4 8h3l2-3h6l2 3h3v11H4z"/><circle cx="12" cy="13" r="3.5"/>',
    "card": '<rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="M3 10h18M12 14.5h5"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "check-circle": '<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.8 2.8 5.2-5.6"/>',
    "chevron-down": '<path d="m5 9 7 7 7-7"/>',
    "chevron-left": '<path d="m15 5-7 7 7 7"/>',
    "chevron-right": '<path d="m9 5 7 7-7 7"/>',
    "child": '<circle cx="12" cy="8" r="4"/><path d="M6 21c0-4 2.5-6.5 6-6.5s6 2.5 6 6.5"/>'
    '<path d="M10.5 8.5v.1M13.5 8.5v.1M12 4c0-1 .7-1.7 1.7-1.7"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "close": '<path d="M6 6l12 12M18 6 6 18"/>',
    "device": '<rect x="7" y="3" width="10" height="18" rx="2"/><path d="M11 17.5h2"/>',
    "document": '<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"/>',
    "edit": '<path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19z"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/>'
    '<circle cx="12" cy="12" r="3"/>',
    "grid": '<path d="M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 '
    '13.5H20V20h-6.5z"/>',
    "home": '<path d="m3 11 9-8 9 8M5.5 9.5V20h13V9.5M10 20v-6h4v6"/>',
    "image": '<rect x="3" y="4" width="18" height="16" rx="2"/><circle cx="8.5" cy="9.5" r="1.5"/>'
    '<path d="m4 18 5-5 3 3 3.5-4L20 17"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.6v.1"/>',
    "large": '<path d="M3 19 8.5 5 14 19M5 14.5h7M18 8v8M14.5 12h7"/>',
    "lock": '<rect x="5" y="11" width="14" height="10" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "logout": '<path d="M10 4H5v16h5M14 8l4 4-4 4M18 12H9"/>',
    "message": '<path d="M4 5h16v11H10l-4 4v-4H4z"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"/>',
    "more": '<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3.5"/>',
    "no": '<circle cx="12" cy="12" r="9"/><path d="M6 18 18 6"/>',
    "pause": '<circle cx="12" cy="12" r="9"/><path d="M9.7 9v6M14.3 9v6"/>',
    "phone": '<path d="M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1'
    'A15 15 0 0 1 4 5a1 1 0 0 1 1-1z"/>',
    "pin": '<path d="M12 21s7-6.2 7-11a7 7 0 1 0-14 0c0 4.8 7 11 7 11z"/>'
    '<circle cx="12" cy="10" r="2.5"/>',
    "portrait": '<ellipse cx="12" cy="9" rx="4" ry="5"/><path d="M4 21c.5-4 3.5-6 8-6s7.5 2 8 6"/>',
    "power": '<path d="M12 3v9"/><path d="M7 6.5a7 7 0 1 0 10 0"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3"/><rect x="7" y="14" width="10" height="6.5"/>',
    "receipt": '<path d="M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9 8.5h6M9 12.5h6"/>',
    "refresh": '<path d="M20 11a8 8 0 0 0-14-4L4 9M4 4v5h5M4 13a8 8 0 0 0 14 4l2-2M20 20v-5h-5"/>',
    "route": '<circle cx="5.5" cy="6" r="2.5"/><circle cx="18.5" cy="18" r="2.5"/>'
    '<path d="M8 6h7a3.5 3.5 0 0 1 0 7H9a2.5 2.5 0 0 0 0 5h7"/>',
    "save": '<path d="M12 4v10M8 10.5l4 4 4-4M5 19.5h14"/>',
    "search": '<circle cx="11" cy="11" r="7"/><path d="m16 16 5 5"/>',
    "shield": '<path d="M12 3 4 6v6c0 5 3.4 7.6 8 9 4.6-1.4 8-4 8-9V6z"/>'
    '<path d="M12 8v5M12 16.2v.1"/>',
    "sun": '<circle cx="12" cy="12" r="4"/>'
    '<path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4'
    'M5.6 18.4 7 17M17 7l1.4-1.4"/>',
    "swap": '<path d="M4 9h14l-3.5-3.5M20 15H6l3.5 3.5"/>',
    "team": '<circle cx="9" cy="9" r="3.5"/><path d="M3 19.5c.5-3.5 2.8-5 6-5s5.5 1.5 6 5"/>'
    '<path d="M15.5 6a3.2 3.2 0 0 1 0 6.2M17.5 15c2 .6 3.2 2 3.5 4.5"/>',
    "truck": '<path d="M3 6h11v11H3zM14 10h4l3 3v4h-7z"/><circle cx="7" cy="18" r="2"/>'
    '<circle cx="17.5" cy="18" r="2"/>',
    "undo": '<path d="M9 6 4.5 10.5 9 15M5 10.5h9a5 5 0 0 1 0 10h-3"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4 21c.5-4 3.5-6.5 8-6.5s7.5 2.5 8 6.5"/>',
    "wallet": '<path d="M4 7h15v13H4zM4 7l11-4v4M19 11h-5v5h5"/>',
}

_DRAWN = {
    name: mark_safe(  # noqa: S308 - our own constants
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{lines}</svg>'
    )
    for name, lines in _ICONS.items()
}


@register.simple_tag
def icon(name):
    """The drawing `name` as inline SVG, silent for screen readers. Raises KeyError for another."""
    return _DRAWN[name]


@register.simple_tag
def qr_code(text):
    """The QR code of `text` as inline SVG, as large as its place."""
    code = segno.make(text, error="m", micro=False)
    return mark_safe(code.svg_inline(border=0, svgclass=None, lineclass=None, omitsize=True))  # noqa: S308


@register.simple_tag
def ticks(field):
    """A check box in its label for each choice of `field`, a bound field of several choices.

    A university has hundreds of departments, and Django renders three templates for each box.
    """
    ticked = {str(value) for value in field.value() or ()}
    box = format_html('<label><input type="checkbox" name="{}" value="', field.html_name)
    drawn = [
        f'{box}{escape(str(value))}"{" checked" if str(value) in ticked else ""}> '
        f"{escape(str(label))}</label>"
        for value, label in field.field.widget.choices
    ]
    return mark_safe("".join(drawn))  # noqa: S308 - what was chosen and written is escaped


@register.simple_tag
def widget_attrs(attrs):
    """The attributes of an input, as Django's widget has them, without maxlength.

    A browser cuts a pasted text there and says nothing; the form says how long it may be.
    """
    drawn = []
    for name, value in attrs.items():
        if value is not False and name != "maxlength":
            text = "" if value is True else f'="{conditional_escape(str(value))}"'
            drawn.append(f" {name}{text}")
    return mark_safe("".join(drawn))  # noqa: S308 - names are ours, values are escaped


@register.simple_tag(takes_context=True)
def navigation_links(context, place):
    """The links of `place` (`navigation.NavigationPlace`) on this page."""
    return navigation.links(place, context)


register.simple_tag(navigation.is_main, name="is_main_page")


@register.simple_tag
def navigation_tiles():
    """The entries that the first page shows."""
    return navigation.tiles()


_NUMERALS = "零一二三四五六七八九十"


@register.simple_tag
def number_of_matters():
    """五."""
    return _NUMERALS[len(navigation.matters())]


@register.simple_tag
def names_of_matters():
    """社会保障卡申领、启用、补换、临时挂失、制卡进度查询: the common beginning is said once."""
    first, *others = navigation.matters()
    return "、".join([first, *(name.removeprefix("社会保障卡") for name in others)])


@register.simple_tag
def entry_url(label):
    """The address of the entry of the header that is called `label`."""
    return navigation.url_of(label)


@register.simple_tag(takes_context=True)
def session_left(context):
    """Seconds until the session of somebody who has signed in ends, however much it is used."""
    request = context.get("request")
    is_signed_in = getattr(getattr(request, "user", None), "is_authenticated", False)
    return request.session.get_expiry_age() if is_signed_in else None


@register.simple_tag
def portal_idle():
    """Seconds after which a session of the portal ends that nobody uses."""
    return int(settings.PORTAL_IDLE.total_seconds())


@register.simple_tag
def operator(what):
    """The `name` or the `contact` of who runs the portal."""
    return settings.PORTAL_OPERATOR[what]


@register.simple_tag
def home_url():
    """The address of the first page."""
    return page_url(settings.LOGIN_REDIRECT_URL)
