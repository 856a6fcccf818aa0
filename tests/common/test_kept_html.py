"""What is kept by its values reads nothing else."""

import ast
import re

from tests.source_code import nodes_of, sources, templates

# Tags and filters that read only their arguments.
TAGS = {"if", "elif", "else", "endif", "for", "endfor", "csrf_token"}
FILTERS = {"default"}


def kept_templates():
    return {
        ast.literal_eval(call.args[0])
        for _, tree in sources(holding=r"KeptHtml\(")
        for call in nodes_of(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "KeptHtml"
    }


def test_a_kept_template_reads_nothing_but_its_values():
    """A filter like `promise` reads the calendar, a tag like `url` the address of the page."""
    kept = kept_templates()
    assert len(kept) >= 2
    for name in kept:
        text = templates()[name]
        assert set(re.findall(r"{%\s*(\w+)", text)) <= TAGS, name
        written = re.findall(r"{[{%](.*?)[%}]}", text)
        assert set(re.findall(r"\|(\w+)", " ".join(written))) <= FILTERS, name
