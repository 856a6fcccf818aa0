"""Templates write each value as Django does."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template, base, engines
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from apps.cards.enums import CardStatus
from apps.common.templatetags.formats import day
from sbk_portal import templates

VALUES = [
    "张超",
    "<b>&\"'",
    mark_safe("<b>&lt;</b>"),
    "",
    None,
    True,
    0,
    -3,
    1234567,
    1234.5,
    Decimal("12345.678"),
    date(2026, 11, 20),
    datetime(2026, 11, 20, 3, 6, tzinfo=UTC),
    lazystr("<lazy>"),
    CardStatus.ACTIVE,
    day(date(2026, 11, 20)),
    ["<b>", 12],
]


@pytest.mark.parametrize("escapes", [True, False], ids=["escaped", "as it is"])
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_is_written_as_django_writes_it(value, escapes):
    context = Context({"value": value}, autoescape=escapes)
    assert isinstance(engines["django"], templates.PortalTemplates)
    # What a node calls is ours, and for some values the function that Django had there.
    assert base.render_value_in_context is templates.write_value
    wanted = templates._any_value(value, context)
    assert templates.write_value(value, context) == wanted
    assert Template("{{ value }}").render(context) == wanted


def test_a_text_and_a_whole_number_never_reach_djangos_function(monkeypatch):
    monkeypatch.setattr(templates, "_any_value", lambda value, context: pytest.fail(repr(value)))
    context = Context({"text": "<b>", "safe": mark_safe("<i>"), "number": 12})
    assert Template("{{ text }}{{ safe }}{{ number }}").render(context) == "&lt;b&gt;<i>12"
