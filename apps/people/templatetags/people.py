"""Who was first, and who saved last, as the reader of the page reads it."""

from django import template

from apps.people import first

register = template.Library()


@register.simple_tag(takes_context=True)
def who_was_first(context, refusal):
    """*超（监护人）已于 2026-11-28 10:32:05 办理了「…」。 Empty if nobody was."""
    return first.sentence(refusal, reader=context["user"]) if refusal else ""


@register.simple_tag(takes_context=True)
def who_saved(context, saved):
    """*超于 2026-11-28 10:32:05, for a row with `saved_by` and `saved_at`."""
    return first.of_save(by=saved.saved_by, at=saved.saved_at, reader=context["user"])
