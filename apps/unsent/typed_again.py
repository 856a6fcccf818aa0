"""What was typed before the session ended, shown again in the form once the person is back.

A middleware says what was typed (`showing`). While the page is drawn, every form on it that was
posted shows it (`apps.unsent.rendering`), as if somebody had typed it again: nothing is submitted,
and nothing is judged. A form whose lists depend on a choice reads the choice from its field
(`form["city"].value()`), which knows what was typed.
"""

from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST


@dataclass(frozen=True)
class Typed:
    """`action` is the address that it was posted to. `has_lost_files` says that some are gone."""

    data: QueryDict
    files: MultiValueDict
    action: str = ""
    has_lost_files: bool = False


_shown: ContextVar[Typed | None] = ContextVar("typed_again", default=None)


@contextmanager
def showing(typed):
    """While the block runs, the page shows `typed`."""
    token = _shown.set(typed)
    try:
        yield
    finally:
        _shown.reset(token)


def shown():
    """What the present page shows again; None on any other page."""
    return _shown.get()


def typed_in(form):
    """What was typed in the unbound `form`; None when another form was posted, or none.

    A form whose page has more of its kind says in `form.action` to which address it is posted.
    """
    typed = _shown.get()
    if typed is None or form.is_bound or getattr(form, "action", typed.action) != typed.action:
        return None
    inputs = [(form.add_prefix(name), field.widget) for name, field in form.fields.items()]
    # A form that carries only hidden values has nothing typed: the page's own are newer.
    if all(widget.is_hidden for _, widget in inputs):
        return None
    is_posted = any(name in typed.data or name in typed.files for name, _ in inputs)
    return typed if is_posted or _holds_files(typed, inputs) else None


def bound(forms, **options):
    """The one of the form classes `forms` in which something was typed, bound to it; else None.

    For a page that shows a form which did not pass as it was typed, even where its offer is closed.
    """
    typed = _shown.get()
    if typed is None:
        return None
    for form in forms:
        found = form(typed.data, **options)
        if any(field.html_name in typed.data for field in found.visible_fields()):
            return found
    return None


def _holds_files(typed, inputs):
    """Whether the page of the form carried a file along (apps/unsent/held_uploads.py)."""
    return any(f"{name}-held" in typed.data for name, _ in inputs)


def posted_from(page):
    """A decorator: the view takes only POST, from a form on the page with the URL name `page`.

    Somebody whose session has ended comes back to that page. It takes the arguments of the view,
    or the first of them, or none.
    """

    def decorate(view):
        posted = require_POST(view)
        posted.form_page = page
        return posted

    return decorate


def form_page(match):
    """The address of the page from which the view of the `ResolverMatch` is posted, or None."""
    page = getattr(match.func, "form_page", None)
    if page is None:
        return None
    taken = list(match.kwargs.items())
    for number in range(len(taken), 0, -1):
        with suppress(NoReverseMatch):
            return reverse(page, kwargs=dict(taken[:number]))
    return reverse(page)


def saves_what_is_typed(view):
    """A decorator: htmx posts the whole form to `view`, which saves it. A preview does not."""
    view.saves_what_is_typed = True
    return view


def open_to_visitors(view):
    """A decorator: somebody who has never signed in may post to `view`, and is asked to then."""
    view.is_open_to_visitors = True
    return view


def keeps_no_files(view):
    """A decorator: files that are posted to `view` are not kept for somebody who has to sign in."""
    view.keeps_no_files = True
    return view
