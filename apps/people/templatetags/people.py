"""Whom a page speaks of, and who was first or saved last, as the reader of the page reads it."""

from django import template

from apps.common.visibility import shown
from apps.people import family, first
from apps.people.enums import Sex

register = template.Library()


@register.simple_tag(takes_context=True)
def who_was_first(context, refusal):
    """*超（监护人）已于 2026-11-28 10:32:05 办理了「…」。 Empty if nobody was."""
    return first.sentence(refusal, reader=context["user"]) if refusal else ""


@register.simple_tag(takes_context=True)
def who_saved(context, saved):
    """*超于 2026-11-28 10:32:05, for a row with `saved_by` and `saved_at`."""
    return first.of_save(by=saved.saved_by, at=saved.saved_at, reader=context["user"])


@register.simple_tag(takes_context=True)
def called(context, person, persons):
    """本人, or 女儿 *乐, for one of `persons`, whom the reader chooses from."""
    if person.user_id == context["user"].pk:
        return "本人"
    kind = "儿子" if person.sex == Sex.MALE else "女儿"
    return f"{kind} {shown(person.name, 'page.name')}{family.apart(person, persons)}"


@register.simple_tag(takes_context=True)
def name_of(context, person, name=""):
    """*乐, told apart from another child of the reader who is called the same; see `family`."""
    return family.name_of(person, reader=context.get("user"), name=name)
