"""No sentence of the framework reaches a person: each form says in our words what is wrong."""

import gettext as gnu
import inspect
import re
from pathlib import Path

import allauth
import django
import pytest
from allauth.account.forms import ChangePasswordForm, LoginForm
from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import password_validation
from django.core import validators
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import get_resolver
from django.utils.translation import gettext, ngettext

CATALOGUE = Path(settings.BASE_DIR) / "locale/zh_Hans/LC_MESSAGES"
ENTRY = re.compile(
    r'^msgid (?P<one>(?:".*"\n)+)(?:msgid_plural (?P<many>(?:".*"\n)+))?'
    r'msgstr(?:\[0\])? (?P<ours>(?:".*"(?:\n|\Z))+)',
    re.MULTILINE,
)
OF_LIBRARIES = (
    Path(django.__file__).parent / "conf/locale",
    Path(auth_forms.__file__).parent / "locale",
    Path(allauth.__file__).parent / "locale",
)


def entries():
    """(msgid, its plural or None, our sentence) of the file that people edit."""
    for found in ENTRY.finditer((CATALOGUE / "django.po").read_text(encoding="utf-8")):
        one, many, ours = (part and unquoted(part) for part in found.groups())
        if one:
            yield one, many, ours


def unquoted(part):
    return "".join(re.findall(r'"(.*)"', part)).replace('\\"', '"').replace("\\n", "\n")


def theirs():
    """Every Chinese sentence of the libraries, as it stands in their catalogues."""
    found = set()
    for folder in OF_LIBRARIES:
        with (folder / "zh_Hans/LC_MESSAGES/django.mo").open("rb") as file:
            found |= {text for text in gnu.GNUTranslations(file)._catalog.values() if text}
    return found


THEIRS = theirs()


def in_chinese(message):
    """`message` as it is shown, its placeholders still open."""
    plural = getattr(message, "_kw", {})
    if "plural" in plural:
        return ngettext(plural["singular"], plural["plural"], 2)
    return str(message)


def all_forms():
    get_resolver().url_patterns  # noqa: B018  (imports every view, and so every form)
    found, classes = set(), [forms.BaseForm]
    while classes:
        for each in classes.pop().__subclasses__():
            classes.append(each)
            if each.__module__.startswith("apps.") or each in OF_OTHERS:
                found.add(each)
    return sorted(found, key=lambda form: f"{form.__module__}.{form.__name__}")


# Forms of libraries that are shown as they are.
OF_OTHERS = {
    LoginForm,
    ChangePasswordForm,
    auth_forms.AdminUserCreationForm,
    auth_forms.AdminPasswordChangeForm,
    auth_forms.UserChangeForm,
}


def sentences(field):
    """{code: sentence} of what the field can refuse."""
    found = dict(field.error_messages)
    for check in field.validators:
        found[getattr(check, "code", repr(check))] = check.message
    return found


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_every_code_of_every_field_has_a_sentence_of_ours(form):
    for name, field in form.base_fields.items():
        for code, message in sentences(field).items():
            text = in_chinese(message)
            assert text not in THEIRS, (name, code, text)
            assert re.search("[一-龥]", text), (name, code, text)
            assert text.endswith(("。", "）")), (name, code, text)


def classes_with_messages():
    for module in (
        forms.fields,
        forms.models,
        forms.formsets,
        models.fields,
        models.fields.related,
    ):
        for _, each in inspect.getmembers(module, inspect.isclass):
            yield each.__name__, each.__dict__.get("default_error_messages", {})
    for _, each in inspect.getmembers(validators, inspect.isclass):
        message = each.__dict__.get("message")
        if isinstance(message, str) or hasattr(message, "_args"):
            yield each.__name__, {"message": message}
    for module in (auth_forms, forms.models):
        for _, each in inspect.getmembers(module, inspect.isclass):
            messages = each.__dict__.get("error_messages")
            yield each.__name__, messages if isinstance(messages, dict) else {}


@pytest.mark.parametrize(
    ("name", "messages"),
    [pytest.param(*each, id=each[0]) for each in classes_with_messages() if each[1]],
)
def test_what_a_new_form_would_say_is_ours_as_well(name, messages):
    for code, message in messages.items():
        text = in_chinese(message)
        assert text not in THEIRS, (name, code, text)
        assert re.search("[一-龥]", text), (name, code, text)


def test_the_compiled_catalogue_is_that_of_the_text():
    found = list(entries())
    assert len(found) > 70
    for one, many, ours in found:
        assert (ngettext(one, many, 2) if many else gettext(one)) == ours


@pytest.mark.parametrize("password", ["short", "1234567890123", "password1234"])
def test_a_password_is_refused_in_our_words(password):
    with pytest.raises(ValidationError) as refused:
        password_validation.validate_password(password)
    for message in refused.value.messages:
        assert message not in THEIRS
        assert message.endswith("。")


class Spread(forms.Form):
    """One field of each kind, with what the fields of the portal can refuse."""

    text = forms.CharField(max_length=5, min_length=2)
    number = forms.IntegerField(max_value=5, min_value=2)
    amount = forms.DecimalField(max_digits=3, decimal_places=1)
    choice = forms.ChoiceField(choices=[("a", "A")])
    choices = forms.MultipleChoiceField(choices=[("a", "A")])
    day = forms.DateField()
    moment = forms.DateTimeField()
    address = forms.EmailField()
    link = forms.URLField()


@pytest.mark.parametrize(
    "typed", ["", "x", "长" * 2000, "9" * 30, "12.345", "[", "\x00a", "\ud800b"]
)
def test_whatever_is_typed_the_answer_is_in_our_words(typed):
    form = Spread(dict.fromkeys(Spread.base_fields, typed))
    form.is_valid()
    for errors in form.errors.values():
        for message in errors:
            for words in ("确保", "不允许", "输入一", "有效的", "必填项", "可用的选项"):
                assert words not in message
