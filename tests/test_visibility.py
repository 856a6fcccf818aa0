"""Personal data are shown through the table of apps.common.visibility, and nowhere beside it."""

import ast
import re

import pytest
from django.core.management import call_command

from apps.common.visibility import DATA, PLACES, Rule, rule_of, shown
from tests.source_code import nodes_of, sources, templates

# Attributes of rows that hold a person's data.
PERSONAL = {
    "id_number",
    "phone",
    "former_phone",
    "birth_date",
    "card_number",
    "address",
    "full_address",
    "recipient",
    "ward_name",
    "employee_number",
}
PEOPLE = r"(holder|ward|guardian|particulars|who|person|child|young)"
PATH = re.compile(rf"\.({'|'.join(PERSONAL)})$|\b{PEOPLE}\.name$")
# The people of the demonstration are made up; the preview of a rule has names that are masked.
MADE_UP = re.compile(r"^demo/|^rulebook/preview\.html$")
# Where rows become words for people. Others store, compare or send what the table has for files.
WRITES_FOR_PEOPLE = re.compile(
    r"/(admin|desk|messages|receipts|words|reminders|offers|navigation|impact)\.py$"
    r"|/views(\.py|/)|/templatetags/"
)


def outputs(text):
    """The expressions that a template writes or hands on to another one, without form fields."""
    found = re.findall(r"{{\s*(.*?)\s*}}", text)
    found += re.findall(r"""\b\w+=("[^"]*"|[\w.]+(?:\|[^\s%]+)?)""", " ".join(tags(text)))
    return [each for each in found if not re.match(r"(form|field)\.", each)]


def tags(text):
    return re.findall(r"{%\s*(?:include|blocktranslate)\b(.*?)%}", text)


def test_a_template_shows_a_person_s_data_only_through_the_table():
    offences = []
    for name, text in templates().items():
        for written in outputs(text) if not MADE_UP.search(name) else []:
            path, *filters = written.split("|")
            if PATH.search(path) and not any(f.startswith("shown:") for f in filters):
                offences.append(f"{name}: {written}")
    assert offences == []


def test_every_place_that_templates_and_code_name_is_in_the_table():
    """An unknown one raises KeyError, but only once somebody opens the page."""
    named = set()
    for text in templates().values():
        named |= set(re.findall(r'\|shown:"([^"]+)"', text))
        named |= set(re.findall(r'{%\s*shown \S+ "([^"]+)"', text))
    for _, tree in sources():
        named |= {
            node.args[1].value
            for node in nodes_of(tree)
            if is_call_of_shown(node) and isinstance(node.args[1], ast.Constant)
        }
    assert len(named) > 30
    hidden = {where for where in named if rule_of(where) == Rule.HIDDEN}
    assert hidden == {"case.former_contact", "export.former_contact"}


def is_call_of_shown(node):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("shown", "shown_at")
        and len(node.args) == 2
    )


# They judge a value and show nothing of it.
JUDGES = {
    "apps/application/offers.py holder.birth_date",
    "apps/application/views/child.py child.birth_date",
    "apps/people/admin.py obj.employee_number",
    "apps/guardianships/messages.py row.ward_name",  # `family.name_of` shows it through the table
    "apps/people/admin.py self.instance.employee_number",
    "apps/people/admin.py self.instance.birth_date",
}


def test_code_that_writes_for_people_shows_a_person_s_data_only_through_the_table():
    offences = []
    for name, tree in sources():
        if not WRITES_FOR_PEOPLE.search(name):
            continue
        covered = {
            id(inner)
            for node in nodes_of(tree)
            if is_call_of_shown(node)
            for inner in ast.walk(node)
        }
        offences += [
            f"{name} {ast.unparse(node)}"
            for node in nodes_of(tree)
            if isinstance(node, ast.Attribute)
            and node.attr in PERSONAL
            and isinstance(node.ctx, ast.Load)
            and id(node) not in covered
        ]
    assert set(offences) == JUDGES


def test_only_the_table_calls_the_masks():
    offences = []
    for name, tree in sources():
        for node in nodes_of(tree):
            if isinstance(node, ast.ImportFrom) and name != "apps/common/visibility.py":
                names = {alias.name for alias in node.names}
                if node.module == "apps.common" and "masks" in names:
                    offences.append(name)
                if node.module == "apps.common.masks" and names != {"ID_TAIL_LENGTH"}:
                    offences.append(name)
    assert offences == []


def test_the_table_in_the_document_is_fresh():
    call_command("visibility_table", check=True)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_has_rules_only_for_data_of_the_table(place):
    assert set(PLACES[place].rules) <= set(DATA)


def test_before_a_look_a_value_is_masked_and_after_it_it_is_whole():
    assert shown("13812341234", "case.phone") == "138****1234"
    assert shown("13812341234", "case.phone", has_looked=True) == "13812341234"


def test_a_look_opens_nothing_that_the_table_does_not_open():
    assert shown("13812341234", "list.phone", has_looked=True) == "138****1234"
    assert shown("13812341234", "message.phone", has_looked=True) == "***"


def test_nothing_stays_nothing():
    assert shown("", "case.phone") == shown(None, "proof_page.name") == ""
