"""What is kept by its values reads nothing else."""

import ast
import re

import pytest

from apps.common.kept_html import MARK
from tests.source_code import nodes_of, sources, templates

# Tags and filters that read only their arguments, or what stays while a process runs.
TAGS = {"if", "elif", "else", "endif", "for", "endfor", "csrf_token", "include", "load"}
TAGS |= {"comment", "endcomment", "icon", "static", "home_url", "entry_url", "url", "htmx_script"}
FILTERS = {"default"}


def kept_templates():
    return {
        ast.literal_eval(call.args[0])
        for _, tree in sources(holding=r"KeptHtml\(")
        for call in nodes_of(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "KeptHtml"
    }


def with_included(names):
    for name in names:
        yield name
        yield from with_included(re.findall(r'{%\s*include "([^"]+)"', templates()[name]))


def test_a_kept_template_reads_nothing_but_its_values():
    """A filter like `promise` reads the calendar, a tag like `session_left` the session."""
    kept = kept_templates()
    assert len(kept) >= 6
    for name in with_included(kept):
        text = templates()[name]
        assert set(re.findall(r"{%\s*(\w+)", text)) <= TAGS, name
        written = re.findall(r"{[{%](.*?)[%}]}", text)
        assert set(re.findall(r"\|(\w+)", " ".join(written))) <= FILTERS, name


@pytest.mark.django_db
def test_what_a_page_puts_in_is_its_own_and_escaped(client):
    def page(address):
        return client.get(address).content.decode()

    first, second = page("/matters/?b=1&c=2"), page('/areas/?"><i>')
    assert 'name="next" value="/matters/?b=1&amp;c=2"' in first
    assert "/account/look/?next=/matters/" in first
    assert "/account/look/?next=/areas/" in second
    assert 'name="next" value="/areas/?%22%3E%3Ci%3E"' in second
    assert MARK not in first + second
