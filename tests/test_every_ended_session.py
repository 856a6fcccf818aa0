"""Every form that can be filled in keeps what was typed when the session has ended."""

from datetime import timedelta

import pytest
from django.forms import PasswordInput
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.people import unsent_forms
from tests.ended_sessions import Person, application_form, filled_in, held_by, to_fill_in
from tests.factories.cards import ask, make_card, make_request
from tests.factories.formal_losses import make_formal_loss, make_lost_card
from tests.factories.people import (
    make_colleague,
    make_holder,
    make_registration,
    make_reviewer,
    make_user,
)
from tests.journeys import forms
from tests.source_code import sources
from tests.test_form_sentences import all_forms

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


def guide():
    return make_holder().user, reverse("application:guide")


def amendment():
    start = now() - timedelta(hours=1)
    card_request = make_request(RequestStatus.ACCEPTED, at=start)
    ask(card_request, at=start, items=[{"field": "phone", "reason": "打不通"}])
    return card_request.applicant, reverse("application:amend", args=[card_request.reference])


def delivery():
    card_request = make_request(RequestStatus.SUBMITTED, at=now())
    return card_request.applicant, reverse("application:shipping", args=[card_request.reference])


def formal_loss():
    card = make_card()
    return card.holder.user, reverse("replacement:declare", args=[card.reference])


def replacement():
    card = make_lost_card()
    return card.holder.user, reverse("replacement:start", args=[card.reference])


def at_the_desk(row):
    """The decision page of `row`, which a reviewer has claimed."""
    reviewer = make_reviewer()
    claims.claim(subject=row, by=reviewer, at=now())
    page = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reviewer, reverse(page, args=[row.reference])


def decision():
    return at_the_desk(make_request(RequestStatus.ACCEPTED))


def decision_on_a_loss():
    return at_the_desk(make_formal_loss())


def decision_on_a_child():
    return at_the_desk(make_registration(make_holder()))


@pytest.mark.sampled
@pytest.mark.parametrize(
    "prepare",
    [
        guide,
        application_form,
        amendment,
        delivery,
        formal_loss,
        replacement,
        decision,
        decision_on_a_loss,
        decision_on_a_child,
    ],
)
def test_after_signing_in_the_form_holds_what_was_typed(prepare):
    user, address = prepare()
    person = Person(user)
    for action in to_fill_in(person.open(address), address):
        typed = filled_in(to_fill_in(person.open(address), address)[action])
        sign_in = person.send_too_late(action, typed, at=address)
        held = held_by(to_fill_in(person.come_back(sign_in), address)[action])
        assert held == {name: typed[name] for name in held}
        assert set(typed) - set(held) <= unsent_forms.SECRETS


def test_every_field_for_something_secret_is_known_as_one():
    secret = {
        name
        for form in all_forms()
        for name, field in form.base_fields.items()
        if isinstance(field.widget, PasswordInput)
        or field.widget.attrs.get("autocomplete") in {"one-time-code", "new-password"}
    }
    assert secret <= unsent_forms.SECRETS


def test_every_view_that_takes_post_only_says_on_which_page_its_form_stands():
    """But for one that a machine calls."""
    beside = {
        "apps/unsent/typed_again.py",
        "apps/payments/views.py",
        "apps/single_sign_on/views.py",
        "apps/demo/stand_in_oidc.py",
    }
    assert {name for name, _ in sources(holding="require_POST")} == beside


def test_what_was_looked_for_among_the_people_is_in_the_box_again():
    person = Person(make_colleague(roles.SUPERVISOR))
    page = reverse("admin:people_holder_changelist")
    before = person.open(page)
    typed = forms.data(before, before.by_id("changelist-search"), {"q": "张"})
    sign_in = person.send_too_late(page, typed, at=page)
    again = person.come_back(sign_in)
    assert again.by_id("searchbar").get("value") == "张"
    assert "找到" not in again.text, "nothing is searched for by itself"


def test_ticks_in_a_list_of_the_admin_are_there_again():
    person = Person(make_colleague(roles.ADMINISTRATOR))
    first, second = make_user(is_staff=True), make_user(is_staff=True)
    page = reverse("admin:people_user_changelist")
    before = person.open(page)
    typed = forms.data(before, before.by_id("changelist-form"))
    typed |= {"action": "remove_factors", "_selected_action": [first.pk]}
    again = person.come_back(person.send_too_late(page, typed, at=page))
    boxes = [node for node in again.nodes("input") if node.get("name") == "_selected_action"]
    ticked = {box.get("value") for box in boxes if box.has("checked")}
    assert ticked == {str(first.pk)}, "nothing but what was ticked"
    assert str(second.pk) in {box.get("value") for box in boxes}
    [action] = [node for node in again.nodes("select") if node.get("name") == "action"]
    assert forms.value_of(action) == "remove_factors"
