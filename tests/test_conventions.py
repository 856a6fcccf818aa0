"""The conventions of the code base, asserted instead of remembered."""

import ast
import re

import pytest
from django.core.management import call_command
from django.db import models

from tests.source_code import OUR_MODELS, ROOT, calls, nodes_of, sources, templates


def test_a_view_reads_the_clock_once_and_passes_it_on():
    """A function that reads the clock calls no other function of its module that reads it too."""
    offences = []
    for name, tree in sources():
        if not re.search(r"/(views|admin)(\.py|/)", name):
            continue
        functions = [node for node in nodes_of(tree) if isinstance(node, ast.FunctionDef)]
        readings = {function.name: len([*calls(function, "now")]) for function in functions}
        for function in functions:
            called = {
                node.func.id
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            } - {function.name}
            times = readings[function.name]
            if times > 1 or (times and any(readings.get(other) for other in called)):
                offences.append(f"{name}: {function.name}")
    assert offences == []


def everywhere(*, holding):
    for pattern in ("apps/**/*.py", "bench/*.py", "tests/**/*.py"):
        yield from sources(pattern, holding=holding)


def test_the_day_of_a_moment_is_told_in_one_place():
    offences = []
    for name, tree in everywhere(holding=r"localdate|\.date\(|TruncDate"):
        if name == "apps/common/moments.py":
            continue
        days = [*calls(tree, "localdate")]
        days += [call for call in calls(tree, "date") if not call.args and not call.keywords]
        days += [n for n in nodes_of(tree) if isinstance(n, ast.Name) and n.id == "TruncDate"]
        offences += [f"{name}:{node.lineno}" for node in days]
    assert offences == []


# They write for machines: files, the wire of a gateway, ID numbers.
WRITE_FOR_MACHINES = {
    "apps/backup/folders.py",
    "apps/cashier/bills.py",
    "apps/cashier/trades.py",
    "apps/demo/children.py",
    "apps/exports/files.py",
    "apps/notices/senders/alibaba_sms.py",
    "apps/sheets/xlsx.py",
}


def test_moments_and_days_are_written_in_one_place():
    """In words by the filters of formats.py, for machines in ISO 8601."""
    offences = [
        f"{name}: {found[0]}"
        for name, text in templates().items()
        for found in re.finditer(r"\|\s*(date|time|localtime)\b|{%\s*now\b", text)
    ]
    for name, tree in sources():
        if name in {"apps/common/templatetags/formats.py", *WRITE_FOR_MACHINES}:
            continue
        written = [*calls(tree, "strftime"), *calls(tree, "date_format"), *calls(tree, "localize")]
        written += [
            node
            for node in nodes_of(tree)
            if isinstance(node, ast.FormattedValue)
            and node.format_spec is not None
            and re.search("%[mdHMSjB]", ast.unparse(node.format_spec))
        ]
        offences += [f"{name}:{node.lineno}" for node in written]
    assert offences == []


def test_a_function_takes_the_moment_and_no_day_beside_it():
    """A parameter that is a day says which day it is: `day`, `today`, `valid_from`."""
    offences = []
    for name, tree in everywhere(holding=r"\b(on|today)\s*[,=:)]"):
        for node in nodes_of(tree):
            if isinstance(node, ast.arguments):
                taken = {a.arg for a in [*node.posonlyargs, *node.args, *node.kwonlyargs]}
                if "on" in taken or {"at", "today"} <= taken:
                    offences.append(f"{name}: {sorted(taken)}")
            elif isinstance(node, ast.Call) and any(k.arg == "on" for k in node.keywords):
                offences.append(f"{name}:{node.lineno} passes on=")
    assert offences == []


def test_only_the_helper_asks_whether_htmx_wants_a_fragment():
    allowed = {"apps/common/pages.py", "apps/common/htmx.py"}
    offences = [
        f"{name}:{node.lineno}"
        for name, tree in sources()
        if name not in allowed
        for node in nodes_of(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "htmx")
        or (isinstance(node, ast.Constant) and str(node.value).upper() == "HX-REQUEST")
    ]
    assert offences == []


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_a_model_has_a_chinese_name_and_no_ordering(model):
    assert re.search(r"[\u4e00-\u9fff]", str(model._meta.verbose_name))
    assert model._meta.verbose_name == model._meta.verbose_name_plural
    assert not model._meta.ordering


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_fields_of_a_model_have_chinese_names(model):
    unnamed = [
        field.name
        for field in model._meta.local_fields
        if not field.primary_key and not re.search(r"[\u4e00-\u9fffA-Z]", str(field.verbose_name))
    ]
    assert unnamed == []


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_a_moment_and_its_person_are_bound_by_a_constraint(model):
    names = {field.name: field for field in model._meta.local_fields}
    pairs = [
        (name, f"{name[:-3]}_by")
        for name, field in names.items()
        if name.endswith("_at") and f"{name[:-3]}_by" in names and field.null
    ]
    bound = [
        str(constraint.condition)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    ]
    for moment, person in pairs:
        assert any(moment in text and person in text for text in bound), (moment, person)


def test_str_of_a_model_shows_no_personal_data():
    personal = {"name", "id_number", "phone", "address", "recipient"}
    offences = []
    for name, tree in [*sources("apps/*/models.py"), *sources("apps/*/models/*.py")]:
        for node in nodes_of(tree):
            if isinstance(node, ast.FunctionDef) and node.name == "__str__":
                shown = {
                    attribute.attr
                    for attribute in ast.walk(node)
                    if isinstance(attribute, ast.Attribute)
                    and isinstance(attribute.value, ast.Name)
                }
                owner = name.split("/")[1]
                if shown & personal and owner != "regions":
                    offences.append(f"{name}:{node.lineno}")
    assert offences == []


# Django and allauth look these up by themselves.
FOUND_BY_NAME = re.compile(
    r"^(40[034](_csrf)?|403_csrf|500)\.html$|^(admin|django|auth/widgets)/"
    r"|^account/(messages/|(login|logout|password_change|reauthenticate)\.html$)|^mfa/[^_]"
)


def test_every_template_is_used_and_every_fragment_stands_in_a_page():
    files = templates()
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("apps/**/*.py"))
    named_in_code, named_in_pages = map(names_of_files, (code, "\n".join(files.values())))
    unused = []
    for name in files:
        if FOUND_BY_NAME.search(name):
            continue
        in_pages = name in named_in_pages
        if not in_pages and name not in named_in_code and not is_built(name, code):
            unused.append(name)
        if "/_" in name and not in_pages and not is_component(name):
            unused.append(f"{name} (no page includes it)")
    assert unused == []


def names_of_files(text):
    """Whatever stands between quotes and could name a template."""
    return set(re.findall(r"""["']([\w./-]+\.(?:html|txt))["']""", text))


def is_component(name):
    """Components of the form renderer and of template tags are named in Python."""
    return name.startswith("components/")


def is_built(name, code):
    """Templates whose name is built from a code, such as one text per consent kind."""
    folder = name.rsplit("/", 1)[0]
    return f'"{folder}/{{' in code or f'"{folder}/"' in code


@pytest.mark.parametrize("word", ["onclick=", "onload=", "style=", "hx-on", "javascript:"])
def test_templates_hold_nothing_that_the_content_security_policy_forbids(word):
    offences = [
        name
        for name, text in templates().items()
        if re.search(
            rf"""[\s"']{re.escape(word)}""",
            re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", text, flags=re.S),
        )
    ]
    assert offences == []


def test_templates_have_no_inline_script():
    offences = [
        name
        for name, text in templates().items()
        if re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", text)
        or "<style" in text
    ]
    assert offences == []


def test_migrations_are_named_by_what_they_do():
    names = [path.stem for path in ROOT.glob("apps/*/migrations/0*.py")]
    assert [name for name in names if "_auto_" in name or name.endswith("_initial")] == []


@pytest.mark.django_db
def test_the_models_and_the_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_diagram_of_the_lifecycles_is_fresh():
    call_command("lifecycle_diagram", check=True)


def test_a_file_is_short_and_its_name_says_what_is_in_it():
    """The names inside a room are kept by the layers of pyproject.toml; these are none anywhere."""
    empty_words = {"utils", "util", "helpers", "signals", "managers", "misc", "base", "core"}
    offences = [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("apps/**/*.py")
        if "migrations" not in path.parts
        and (path.stem in empty_words or len(path.read_text().splitlines()) > 300)
    ]
    assert offences == []


def test_no_file_names_a_path_of_a_machine():
    offences = [
        path.relative_to(ROOT).as_posix()
        for pattern in ("apps/**/*.py", "tests/**/*.py", "docs/**/*.md", "*.md", "Makefile")
        for path in ROOT.glob(pattern)
        if re.search(r"/(work|root)/", path.read_text(encoding="utf-8"))
        and path.name != "test_conventions.py"
    ]
    assert offences == []
