"""Two windows with the same form: a three-way merge, one unit of the form at a time.

A form carries what its inputs showed, and what was saved when it was shown (shown.py). When it
comes back, a unit that was not touched keeps what is saved now. One that was touched is saved,
unless another window has saved another value since. Then nothing is overwritten: it is a `Clash`,
and the person is asked, with both values shown.

A form that is saved so has `units()`: name, label and inputs. Inputs that make sense only together,
like the parts of an address, are one unit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict

from apps.unsent import shown, typed_again

# The hidden field with what this window has sent already, while no answer is there.
PENDING = "pending"
# The two answers to a clash.
MINE, THEIRS = "mine", "theirs"
_NOTHING = "（没有填写）"

Make = Callable[..., Any]  # make() is the form as it is saved now, make(data) the one with `data`
# From the name of a unit, (user, moment) of who saved it last, or (None, None).
AuthorOf = Callable[[str], tuple[Any, datetime | None]]


class Unit(NamedTuple):
    name: str
    label: str
    inputs: tuple[str, ...]

    def of(self, values):
        """The texts of the inputs, in order."""
        return [values.get(name, "") for name in self.inputs]


class Carried(NamedTuple):
    """What the hidden field says of a unit: what its inputs showed, and what was saved then.

    `is_asked`: both values were shown, and one has to be chosen.
    """

    shown: list[str]
    read: list[str]
    is_asked: bool = False


@dataclass(frozen=True)
class Clash:
    """A unit that another window saved otherwise: both values in words, by whom and when."""

    unit: str
    label: str
    theirs: str
    mine: str
    saved_by: Any
    saved_at: datetime | None

    @property
    def name(self):
        """The name of the radio buttons that answer it."""
        return _answer(self.unit)


class Merged:
    """What came of a form.

    `form` is bound to what can be saved, `page` to what the window shows. They differ in the units
    that clash, of which `form` has what is saved already.
    """

    def __init__(self, make, data, about, beside):
        self._make = make
        self._data = data
        self._about = about
        self._beside = beside
        facts = shown.opened(data.get(shown.FIELD), about)
        units, beside_then = facts or ({}, None)
        # Whether the window said what it showed, and what stands beside the form is the same.
        self.is_as_shown = beside_then == beside
        self.carried = {name: Carried(*carried) for name, carried in units.items()}
        self.changed: list[str] = []  # the units of which `form` has another value than saved now
        self.clashes: list[Clash] = []
        self.form: Any = None
        self.page: Any = None

    def token(self, *, is_saved):
        """The hidden field of the answer; `is_saved` says whether `form` was saved."""
        if not is_saved:
            return shown.seal(self._about, [self.carried, self._beside])
        asked = {clash.unit for clash in self.clashes}
        return token(self.page, self._make(), self._about, beside=self._beside, asked=asked)

    def news(self):
        """Input → text, of the inputs that have to show something else than they sent."""
        sent = texts(self._make(self._data))
        return {name: text for name, text in texts(self.page).items() if sent.get(name) != text}


def token(page, stored, about, *, beside="", asked=frozenset()):
    """The hidden field of a page that shows the form `page`; `stored` is the one saved now.

    `beside` is what else of the page is confirmed with the form, such as the name of a picture. A
    page that shows again what was typed before its writer had to sign in carries what it carried.
    """
    typed = typed_again.typed_in(page)
    if typed is not None and typed.data.get(shown.FIELD):
        return typed.data[shown.FIELD]
    showing, reading = texts(page), texts(stored)
    units = {
        unit.name: Carried(unit.of(showing), unit.of(reading), unit.name in asked)
        for unit in page.units()
    }
    return shown.seal(about, [units, beside])


def merge(make: Make, data, *, about, author_of: AuthorOf, beside="", is_final=False) -> Merged:
    """Merge `data` into what `make()` finds saved. Call it in the transaction that saves it, after
    the row was locked.

    With `is_final` the form is acted upon and is not seen again. Then a unit that was not touched
    here, but was saved otherwise since, is a clash as well.
    """
    stored, typed = make(), make(data)
    is_saved, mine = texts(stored), texts(typed)
    pending = texts(make(QueryDict(data[PENDING]))) if data.get(PENDING) else None
    merged = Merged(make, data, about, beside)
    to_save, to_show = dict(mine), dict(mine)
    for unit in typed.units():
        old = unit.of(is_saved)
        before = merged.carried.get(unit.name) or Carried([], ["" for _ in old])
        new = unit.of(mine)
        if not _is_sent(typed, unit, data):
            new = before.shown if before.is_asked else old
        new, result = _decide(
            before,
            answer=data.get(_answer(unit.name)),
            old=old,
            new=new,
            is_own=pending is not None and unit.of(pending) == old,
            is_same=_is_same(typed, unit, old, new),
            is_final=is_final,
        )
        if result is None:
            said = words(stored, unit), words(typed, unit)
            clash = Clash(unit.name, unit.label, *said, *author_of(unit.name))
            merged.clashes.append(clash)
            merged.carried[unit.name] = Carried(new, old, is_asked=True)
        elif result != old:
            merged.changed.append(unit.name)
        to_save |= dict(zip(unit.inputs, old if result is None else result, strict=True))
        to_show |= dict(zip(unit.inputs, new, strict=True))
    merged.form = make(_as_sent(typed, to_save))
    merged.page = merged.form if to_show == to_save else make(_as_sent(typed, to_show))
    return merged


def unsaved(make: Make, data):
    """[(label, words)] of the units in which `data` says something else than what is saved.

    It is for the page that tells somebody that the form is over.
    """
    stored, typed = make(), make(data)
    is_saved, mine = texts(stored), texts(typed)
    return [
        (unit.label, words(typed, unit))
        for unit in typed.units()
        if _is_sent(typed, unit, data)
        and not _is_same(typed, unit, unit.of(is_saved), unit.of(mine))
    ]


def said(form):
    """[(label, words)] of the inputs of the bound `form` that say something."""
    rows = [(str(bound.label), _words(bound)) for bound in form.visible_fields()]
    return [(label, text) for label, text in rows if text]


def _decide(before, *, answer, old, new, is_own, is_same, is_final):
    """(what the window shows, what is saved) of a unit; a clash has None for the second.

    `before` is what it `Carried`; `old` is saved now, `new` was sent, both as texts. `is_own` says
    that this window has saved `old` itself.
    """
    if before.is_asked and answer == THEIRS:
        return old, old
    if is_same:
        return new, new
    is_as_read = is_own or old == before.read
    is_touched = is_own or new != before.shown or answer == MINE
    if is_touched:
        return new, new if is_as_read else None
    if before.is_asked or (is_final and not is_as_read):
        return new, None
    return (new if is_as_read else old), old


def _is_sent(form, unit, data):
    """Whether the window has the inputs of `unit`. A box that is not ticked sends nothing."""
    fields = [form.fields[name] for name in unit.inputs if name in form.fields]
    is_box = [isinstance(field.widget, forms.CheckboxInput) for field in fields]
    return all(is_box) or any(name in data for name in unit.inputs)


def _is_same(form, unit, old, new):
    """Whether the texts mean the same: 138 0013 8000 and 13800138000."""
    return all(
        one == other or (name in form.fields and not form.fields[name].has_changed(one, other))
        for name, one, other in zip(unit.inputs, old, new, strict=True)
    )


def _answer(unit):
    return f"keep-{unit}"


def texts(form):
    """Input → what the browser sends for it if nobody touches it."""
    return {name: _text(form[name]) for name in form.fields}


def _text(bound):
    widget = bound.field.widget
    # An unbound form says what is saved, also while it shows what was typed before a sign-in.
    value = bound.value() if bound.form.is_bound else bound.field.prepare_value(bound.initial)
    if isinstance(widget, forms.CheckboxInput):
        return "on" if widget.check_test(value) else ""
    value = widget.format_value(value)
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _as_sent(form, values):
    """`values` as a browser would send them."""
    return {
        name: text
        for name, text in values.items()
        if text or not isinstance(form.fields[name].widget, forms.CheckboxInput)
    }


def words(form, unit):
    """What the inputs of `unit` say, as people read it."""
    said = [_words(form[name]) for name in unit.inputs if name in form.fields]
    return "、".join(filter(None, said)) or _NOTHING


def _words(bound):
    if isinstance(bound.field, forms.MultipleChoiceField):
        chosen = set(bound.value() or ())
        choices: Any = bound.field.choices
        return "、".join(str(label) for value, label in choices if value in chosen)
    text = _text(bound)
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return str(bound.label) if text else ""
    for value, label in getattr(bound.field, "choices", ()):
        if str(value) == text:
            return str(label) if text else ""
    return text
