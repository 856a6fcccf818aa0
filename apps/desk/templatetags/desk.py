"""Words that the desk's pages share."""

from django import template

from apps.common.kept_html import KeptHtml
from apps.common.templatetags.formats import promise
from apps.common.visibility import shown
from apps.desk.colleagues import named, whereabouts

register = template.Library()

_WORK = KeptHtml("desk/work.html", most=500)
_KEYS = KeptHtml("desk/keys.html", most=100, put_in=())


@register.filter
def action_label(event):
    """The Chinese name of an event of a request."""
    return event.label


@register.filter
def colleague(user):
    """A colleague's name, or the employee number of somebody who is not in the roster."""
    return named(user)


@register.filter
def actor(user, place):
    """Who did something: a colleague by name, anybody else as `place` shows a person's name."""
    holder = getattr(user, "holder", None)
    if user.is_staff or holder is None:
        return named(user)
    return shown(holder.name, f"{place}.name")


@register.filter(name="whereabouts")
def whereabouts_of(user):
    """Department and employee number: whoever is called must be found."""
    return whereabouts(user)


@register.filter
def waited(since, at):
    """How long it is from `since` to `at`, in one unit: 3 天, 5 小时, 7 分钟."""
    minutes = max(int((at - since).total_seconds()) // 60, 0)
    if minutes < 60:
        return f"{minutes} 分钟"
    hours = minutes // 60
    return f"{hours} 小时" if hours < 48 else f"{hours // 24} 天"


@register.simple_tag(takes_context=True)
def draw_work(context, work, is_main=False):
    """How much of one kind of work there is: the `Work` `work`; `is_main` for the first one."""
    return _WORK(
        work=work,
        waits=waited(work.oldest_at, context["at"]) if work.oldest_at else "",
        due=promise(work.promise_date),
        is_main=is_main,
        decides=bool(context.get("decides")),
        is_away=bool(context.get("away")),
        amended_url=context.get("amended_url", "") if is_main else "",
        being_amended=context.get("being_amended", 0) if is_main else 0,
        csrf_token=context.get("csrf_token", ""),
    )


@register.simple_tag(takes_context=True)
def keys_of_case(context):
    """What the keys of the page of a case do: those of its offers, and those of its `places`."""
    offer = context["hold"].offer
    return _KEYS(
        claim=offer.words if offer.is_main and offer.is_open else "",
        may_postpone=context["postpone"].is_open,
        may_refer=context["refer"].is_open,
        choices=tuple(
            (choice["key"].upper(), choice["offer"].words) for choice in context["choices"]
        ),
        places=tuple((key.upper(), words) for key, words in context["places"]),
    )
