"""Every form of the portal and the desk is given what people paste, and what nobody means.

A form with new arguments needs them in `ARGUMENTS`, or this test names it.
"""

import inspect
import re
from datetime import timedelta

import pytest
from django import forms
from django.http import QueryDict
from django.utils import timezone

from apps.application.ward_forms import WardAgreementForm
from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of
from apps.exports import collection, profiles
from apps.my_data.erasure import ERASABLE
from apps.notices import table
from apps.operations.retrying import KINDS
from apps.people.consents import CARD_KINDS
from apps.person_changes.enums import PersonChangeKind
from apps.requests.inputs import PhoneField
from apps.roster.headings import Headings
from apps.typed_text.inputs import CompactField
from tests.factories.cards import make_card, make_request
from tests.factories.people import make_ward
from tests.test_form_sentences import THEIRS, all_forms

FORMS = [form for form in all_forms() if form.__module__.startswith("apps.")]
# Half of a form, one that the admin makes with a row, and those of allauth, which ask its request.
NOT_ALONE = {
    "ServiceMixin",
    "BankMixin",
    "AddressRegionMixin",
    "AccountForm",
    "LockedAccountForm",
    "HolderForm",
    "SignInForm",
    "AuthenticateForm",
    "ReauthenticateForm",
    "ActivateForm",
    "AddPasskeyForm",
    "PasskeyCheckForm",
    "PasskeyAgainForm",
}
FRAMEWORK = re.compile("确保该|不允许是用|有效的|必填项|可用的选项|输入一个|输入整数|字段")
INVISIBLE = "\u200b\u3164\ufeff\u2800"
ODD = [INVISIBLE, "长" * 3000, "\x00", "９９９", "2026-13-45"]
CHOICES = (forms.ChoiceField, forms.ModelChoiceField)  # their values are keys that nobody reads
NO_TEXT = (forms.BooleanField, forms.FileField, forms.ChoiceField, forms.ModelChoiceField)


@pytest.fixture(scope="module")
def arguments(prepared):
    yield from prepared(_arguments)


def _arguments():
    card_request = make_request(RequestStatus.ACCEPTED)
    make_ward(card_request.holder)
    card = make_card(CardStatus.LOST)
    now = timezone.now()
    return {
        "at": now,
        "status_since": now,
        "now": now,
        "card_request": card_request,
        "particulars": card_request.particulars,
        "topics": ["phone", "address"],
        "has_portrait": True,
        "kinds": CARD_KINDS,
        "kind": KINDS[0],
        "change_kind": PersonChangeKind.EMPLOYEE_NUMBER,
        "lead": True,
        "account": None,
        "user": card_request.holder.user,
        "reader": card_request.holder.user,
        "by": card_request.holder.user,
        "persons": [card_request.holder],
        "offered": [(ERASABLE[0], 1)],
        "today": day_of(now),
        "guardian": card_request.holder,
        "card": card,
        "has_agreed": True,
        "issued_date": day_of(now - timedelta(days=90)),
        "may_be_full": True,
        "may_share": True,
        "receivers": {"main": "社保中心"},
        "known": collection.columns(),
        "profile": profiles.latest("main"),
        "head": Headings(1, ["姓名", "工号"], ["name", ""], is_sure=False),
        "samples": [["张超"], ["1001"]],
        "references": ["HELD000000000001"],
        "rows": [],
        "count_pictures": None,
        "for_passkey": False,
        "message": table.by_key("request.ACCEPT"),
        "newest": None,
    }


def bound(form, data, arguments):
    """`form` bound to `data`, with those of `arguments` that its constructors ask for."""
    wanted = {
        name
        for each in form.__mro__
        if each.__module__.startswith("apps.") and "__init__" in vars(each)
        for name, parameter in inspect.signature(vars(each)["__init__"]).parameters.items()
        if parameter.kind == inspect.Parameter.KEYWORD_ONLY
    }
    # `topics` of a form that may ask for all of them.
    options = {name: arguments[name] for name in wanted if name != "topics" or _needs(form, name)}
    if form is WardAgreementForm:
        options["kinds"] = list(WardAgreementForm.base_fields)
    if form.__module__ == "apps.bulk.forms":
        options.pop("card_request", None)  # it gives none to the form of one request
    return form(data, **options)


def _needs(form, name):
    parameter = inspect.signature(form.__init__).parameters.get(name)
    return parameter is not None and parameter.default is inspect.Parameter.empty


def filled(form, arguments, value):
    """`form` with `value` in every field, and the names of those that are typed."""
    blank = bound(form, QueryDict(""), arguments)
    data = QueryDict(mutable=True)
    for name in blank.fields:
        data[blank.add_prefix(name)] = value
    found = bound(form, data, arguments)
    typed = [
        name
        for name, field in found.fields.items()
        if not (isinstance(field, NO_TEXT) or field.widget.is_hidden)
        and not isinstance(field.widget, forms.PasswordInput | forms.MultiWidget)
    ]
    return found, typed


@pytest.mark.django_db
@pytest.mark.parametrize("form", [f for f in FORMS if f.__name__ not in NOT_ALONE])
def test_whatever_is_typed_is_answered_in_our_words(form, arguments):
    for value in ODD:
        found, typed = filled(form, arguments, value)
        found.is_valid()
        for name, errors in found.errors.items():
            for error in errors:
                assert error not in THEIRS, (name, value, error)
                assert not isinstance(found.fields.get(name), CHOICES) or value not in error
                assert not FRAMEWORK.search(error), (name, value, error)
                assert error.endswith(("。", "）", "！")), (name, value, error)
        if value == INVISIBLE:
            for name in typed:
                taken = found.cleaned_data.get(name) if name not in found.errors else None
                assert not taken, (name, taken)
                if found.fields[name].required:
                    assert name in found.errors, name


# What is typed → what is stored. The last ones are what a person cannot have meant.
PHONES = {
    "８６１３９１２３４５６７８": "13912345678",
    "\u202a+86 139-1234-5678\u202c": "13912345678",
    "0531-88888888": None,
}
NAMES = {
    "ＪＯＨＮ　ＳＭＩＴＨ": "JOHN SMITH",
    "Jose\u0301 Garci\u0301a": "José García",
    "张⽂": "张文",
    "阿卜杜●买买提": "阿卜杜·买买提",
    "张\u200b超\u202c": "张超",
}


def fields_of(kind, arguments):
    """(form, name) of every field for which `kind(name, field)` is true."""
    for form in FORMS:
        if form.__name__ not in NOT_ALONE:
            for name, field in bound(form, QueryDict(""), arguments).fields.items():
                if kind(name, field):
                    yield form, name


def taken(form, name, value, arguments):
    found = bound(form, None, arguments)
    data = QueryDict(mutable=True)
    data[found.add_prefix(name)] = value
    found = bound(form, data, arguments)
    found.is_valid()
    return None if name in found.errors else found.cleaned_data.get(name)


def is_name(name, field):
    return name in ("name", "recipient")


def is_phone(name, field):
    return isinstance(field, PhoneField) or name == "phone"


def is_code(name, field):
    return type(field) is CompactField


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "values"), [(is_name, NAMES), (is_phone, PHONES)])
def test_each_is_read_in_one_spelling_on_every_form(kind, values, arguments):
    places = list(fields_of(kind, arguments))
    assert len(places) > 2
    for form, name in places:
        for value, stored in values.items():
            assert taken(form, name, value, arguments) == stored, (form, name, value)


@pytest.mark.django_db
def test_a_code_is_read_in_full_width_and_with_blanks(arguments):
    places = dict(fields_of(is_code, arguments))
    assert places
    for form, name in places.items():
        length = 4 if name == "last_four" else 6
        wide = " ".join(chr(ord(digit) + 0xFEE0) for digit in "190745"[:length])
        assert taken(form, name, f"\u202a{wide}\u3000", arguments) == "190745"[:length]
