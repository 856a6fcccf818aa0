"""Two editors of one row: what the first one saved is not overwritten unseen by the second.

The form carries what its inputs held when it was shown (`apps.unsent.shown`). An input that was not
touched takes the newer value. One that would overwrite a newer value is not saved: the person reads
who was first and when, with all three values, keeps what was typed, and saves once more.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from apps.desk.colleagues import named
from apps.people import first
from apps.unsent import shown, typed_again

_NOTHING = "（空）"


# A part of a form class, and no form of its own.
if TYPE_CHECKING:
    _Form = forms.BaseForm
else:
    _Form = object


class AsRead(_Form):
    """A part of a form class: made by `as_read`."""

    data: Any
    about = ""
    saved_last = staticmethod(lambda: None)
    reader = None

    @property
    def token(self):
        """The hidden field of a page that shows this form."""
        typed = typed_again.typed_in(self)
        if typed is not None and typed.data.get(shown.FIELD):
            return typed.data[shown.FIELD]
        return shown.seal(self.about, {bound.name: _raw(bound) for bound in self._inputs()})

    def full_clean(self):
        self._newer = {}
        self._is_unread = False
        if self.is_bound:
            self._take_newer()
        super().full_clean()
        if self.is_bound:
            self._say()

    def _inputs(self):
        return [self[name] for name, field in self.fields.items() if not field.disabled]

    def _take_newer(self):
        read = shown.opened(self.data.get(shown.FIELD), self.about)
        if read is None:
            self._is_unread = True
            return
        for bound in self._inputs():
            before, has_changed = read.get(bound.name), bound.field.has_changed
            if not has_changed(bound.initial, before) or not has_changed(bound.initial, bound.data):
                continue
            if _same(before, bound.data):
                self._put(bound, _raw(bound))
            else:
                self._newer[bound.name] = before

    def _put(self, bound, value):
        self.data = self.data.copy()
        self.data.pop(bound.html_name, None)
        values = value if isinstance(value, list) else [value]
        if value is not False:
            self.data.setlist(bound.html_name, ["on" if each is True else each for each in values])

    def _say(self):
        if self._is_unread:
            self.add_error(None, ValidationError(shown.NotAsShown([]).message, code="unread"))
        if not self._newer:
            return
        by, at = self.saved_last() or (None, None)
        who = first.of_save(by=by, at=at, reader=self.reader, named=named)
        for name, before in self._newer.items():
            bound = self[name]
            if name in self.errors:
                continue
            words = (
                f"您打开这一页以后，{who}把它从「{_words(bound, before)}」改成了"
                f"「{_words(bound, _raw(bound))}」，所以您填的还没有保存。"
                "要用您填的，请再保存一次；要用新的，请改过来再保存。"
            )
            self.add_error(name, ValidationError(words, code="newer"))


def as_read(form_class, *, about, saved_last, reader):
    """`form_class` for a row that others may edit at the same time.

    `about` names the row. `saved_last()` is (user, moment) of the last change of it, or None;
    `reader` the user who edits.
    """
    own = {
        "about": about,
        "saved_last": staticmethod(saved_last),
        "reader": reader,
        "__module__": form_class.__module__,
    }
    return type(form_class)(form_class.__name__, (AsRead, form_class), own)


def _raw(bound) -> Any:
    """What a browser sends for the input if nobody touches it, as JSON can hold it."""
    value = bound.field.prepare_value(bound.initial)
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return bool(value)
    if isinstance(value, (list, tuple)) or hasattr(value, "iterator"):
        return sorted(str(bound.field.prepare_value(each)) for each in value)
    text = bound.field.widget.format_value(value)
    return str((text[0] if text else "") if isinstance(text, list) else text or "")


def _same(before, sent):
    if isinstance(before, list):
        return before == sorted(map(str, sent or []))
    if isinstance(before, bool):
        return before is bool(sent)
    return _text(before) == _text(sent)


def _text(value):
    return str(value or "").replace("\r\n", "\n").strip()


def _words(bound, raw):
    if isinstance(raw, bool):
        return "是" if raw else "否"
    chosen = raw if isinstance(raw, list) else [raw]
    labels = {str(key): str(label) for key, label in getattr(bound.field, "choices", ())}
    return "、".join(labels.get(each) or str(each) for each in chosen if each) or _NOTHING
