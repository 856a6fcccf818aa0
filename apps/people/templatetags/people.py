"""Whom a page speaks of, and who was first or saved last, as the reader of the page reads it."""

from django import template

from apps.common.masks import ID_TAIL_LENGTH
from apps.common.visibility import shown
from apps.people import first
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
    return _of_child(person) + apart(person, persons)


@register.simple_tag
def apart(child, children):
    """（尾号 1234）where another one of `children` is called the same on the page; else nothing."""
    others = (other for other in children if other.pk != child.pk)
    if all(_of_child(other) != _of_child(child) for other in others):
        return ""
    return f"（尾号 {shown(child.id_number, 'page.id_number')[-ID_TAIL_LENGTH:]}）"


def _of_child(child):
    return f"{'儿子' if child.sex == Sex.MALE else '女儿'} {shown(child.name, 'page.name')}"
