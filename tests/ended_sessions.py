"""A form that is sent after the session has ended: what its writer finds after signing in again."""

from urllib.parse import parse_qs, urljoin, urlsplit

from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from apps.people.unsent_forms import SECRETS
from tests.application.checks import verify
from tests.factories.cards import make_draft
from tests.factories.people import PASSWORD
from tests.journeys import forms
from tests.journeys.tree import parse


class Person:
    """Somebody at a browser, with the CSRF check of a real one."""

    def __init__(self, user):
        self.user = user
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(user)

    def open(self, address):
        return parse(self.client.get(address).content.decode(), is_scripted=True)

    def send(self, action, data, *, at, **headers):
        """Send a form of the page `at`, as a browser does."""
        came_from = {"Referer": f"http://testserver{at}"}
        return self.client.post(action, data, headers=came_from | headers)

    def send_too_late(self, action, data, *, at, **headers):
        """Send it after the end of the session. Returns the address of the sign-in page."""
        Session.objects.all().delete()
        return self.send(action, data, at=at, **headers)["Location"]

    def sign_in(self, sign_in, user=None):
        """Sign in by the page at `sign_in`. Returns the page that follows."""
        page = self.open(sign_in)
        login = {"login": (user or self.user).employee_number, "password": PASSWORD}
        data = forms.data(page, page.by_id("sign-in"), login)
        return self.open(self.send("/accounts/login/", data, at=sign_in)["Location"])

    def come_back(self, sign_in, user=None):
        """As `sign_in`, without the password."""
        self.client.force_login(user or self.user)
        return self.open(page_after(sign_in))


def page_after(sign_in):
    """The page to which the sign-in page at `sign_in` leads."""
    return parse_qs(urlsplit(sign_in).query)["next"][0]


def to_fill_in(page, address):
    """Address → controls of each form of `page` in which something is typed or chosen."""
    found = {}
    for form in page.nodes("form"):
        controls = [*forms.controls(page, form)]
        if form.get("method") == "post" and any(map(_is_filled_in, controls)):
            found[urljoin(address, form.get("action") or address)] = controls
    return found


def _is_filled_in(control):
    return control.name != "button" and control.get("type") not in {"hidden", *forms.UNSENT}


def filled_in(controls):
    """What a browser sends after somebody has filled in the controls of a form, but no file."""
    data = forms.sent_by(controls)
    for control in filter(_is_filled_in, controls):
        name, kind = control.get("name"), control.get("type")
        if name.endswith("_phrase"):  # it is written into the reason
            continue
        if control.name == "select":
            data[name] = [option.get("value") for option in control.nodes("option")][-1]
        elif control.name == "textarea" or kind in {"text", "tel"}:
            data[name] = f"填写的{name}"
        elif kind in {"radio", "checkbox"}:
            data[name] = control.get("value", "on")
    return data


def held_by(controls):
    """What the controls of a form hold, without what is never kept."""
    return {
        name: value.strip()
        for name, value in forms.sent_by(controls).items()
        if name not in SECRETS
    }


def application_form():
    """Its writer, and the address of the form of an application that is begun."""
    draft = make_draft(complete=False)
    verify(draft)
    return draft.applicant, reverse("application:form", args=[draft.reference])
