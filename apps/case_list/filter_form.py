"""The form that narrows the list, drawn: hundreds of options that hardly ever change.

Its HTML is kept by what is chosen and by all that can be chosen.
"""

from typing import NamedTuple

from django.http import QueryDict

from apps.common.kept_here import KeptHere
from apps.common.kept_html import KeptHtml
from apps.common.templatetags.components import ticks
from apps.people.models import Holder
from apps.review.filters import RequestFilter

_OF_ROWS = ("city", "bank", "intake", "department")


class Options(NamedTuple):
    """(value, label) of each option of the fields that offer rows."""

    city: tuple[tuple[str, str], ...]
    bank: tuple[tuple[str, str], ...]
    intake: tuple[tuple[str, str], ...]
    department: tuple[tuple[str, str], ...]

    def has(self, choice):
        """Whether all that `choice`, a `RequestFilter.choice`, chooses of them is offered."""
        return all(
            {*_values(choice[name])} <= {value for value, _ in getattr(self, name)}
            for name in _OF_ROWS
            if name in choice
        )


def _read():
    form = RequestFilter()
    offered = {
        name: tuple((str(value), str(label)) for value, label in form[name].field.widget.choices)
        for name in ("city", "bank", "intake")
    }
    departments = tuple((name, name) for name in Holder.objects.departments())
    return Options(department=departments, **offered)


_OPTIONS = KeptHere(_read, seconds=60)


def drawn(form, *, list_url, at):
    """The HTML of the valid `form`, for the list at `list_url`."""
    options = _OPTIONS.at(at)
    if not options.has(form.choice):
        options = _read()
    return _DRAWN(query=form.query, options=options, list_url=list_url)


def _words(query, options, list_url):
    form = RequestFilter(QueryDict(query))  # one of its own, since its options are set
    form.full_clean()
    for name in _OF_ROWS:
        form.fields[name].widget.choices = getattr(options, name)
    controls = [field for field in form.visible_fields() if not field.use_fieldset]
    return {
        "list_url": list_url,
        "controls": [(field.id_for_label, field.label, str(field)) for field in controls],
        "department": form["department"].label,
        "departments": len(form.choice.get("department", ())),
        "boxes": ticks(form["department"]),
        "sort": str(form["sort"]),
    }


_DRAWN = KeptHtml("case_list/filter_form.html", most=32, put_in=(), words=_words)


def _values(chosen):
    return chosen if isinstance(chosen, list) else [str(chosen)]
