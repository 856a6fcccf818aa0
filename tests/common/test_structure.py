"""`extends`, `block` and `include` of ours say what Django's say."""

import pytest
from django.template import Context, Engine
from django.template.base import Template

FILES = {
    "base": "<{% block a %}base {{ x }}{% endblock %}|{% block b %}text{% endblock %}|"
    "{% block empty %}{% endblock %}|{% block nest %}[{% block in %}deep{% endblock %}]"
    "{% endblock %}>",
    "middle": '{% extends "base" %}{% block b %}middle and {{ block.super }}{% endblock %}',
    "plain": '{% extends "base" %}{% block a %}just <b>text</b>{% endblock %}',
    "child": '{% extends "middle" %}{% block b %}child and {{ block.super }}{% endblock %}'
    "{% block empty %}full{% endblock %}",
    "inner": '{% extends "base" %}{% block in %}{{ x }} {{ block.super }}{% endblock %}',
    "variable": "{% extends parent %}{% block b %}{{ x }}{% endblock %}",
    "part": "({{ x }}{{ y }})",
    "includes": '{% include "part" %}{% include "part" with y=2 %}'
    '{% include "part" with y=3 only %}'
    "{% include name %}{% for x in many %}{% include './part' %}{% endfor %}{{ y }}",
    "includes_a_page": '{% include "child" %}{% include "plain" %}',
    "itself": "{{ depth }}{% if depth %}{% with depth='' %}{% include 'itself' %}{% endwith %}"
    "{% endif %}",
}
LOADERS = [
    ("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", FILES)])
]
OURS = Engine(loaders=LOADERS, builtins=["apps.common.templatetags.structure"])
DJANGO_S = Engine(loaders=LOADERS)
VALUES = {"x": "1 < 2", "many": "abc", "name": "part", "parent": "middle", "depth": "d"}


@pytest.mark.parametrize("name", FILES)
def test_a_page_is_drawn_as_django_draws_it_each_time(name):
    expected = DJANGO_S.get_template(name).render(Context(VALUES))
    for _ in range(2):
        assert OURS.get_template(name).render(Context(VALUES)) == expected


def test_another_parent_is_another_page():
    page = OURS.get_template("variable")
    for parent in ("base", "middle", "base"):
        values = Context(VALUES | {"parent": parent})
        expected = DJANGO_S.get_template("variable").render(Context(VALUES | {"parent": parent}))
        assert page.render(values) == expected


def test_a_block_of_text_alone_and_one_of_a_page_without_a_parent():
    text = "{% block a %}a < b{% endblock %}{% block c %}{{ x }}{% endblock %}"
    expected = Template(text, engine=DJANGO_S).render(Context(VALUES))
    assert Template(text, engine=OURS).render(Context(VALUES)) == expected


def test_the_portal_uses_them():
    nodes = Engine.get_default().get_template("home/first_page.html").nodelist
    assert type(nodes[0]).__module__ == "apps.common.templatetags.structure"
