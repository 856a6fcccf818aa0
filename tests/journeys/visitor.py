"""A person at a browser that draws nothing: reads pages, follows links, fills in forms.

It posts only what the page offers: a form with its own URL, its hidden fields and its CSRF token,
which is checked. Without htmx the person uses links, buttons and the content of noscript. With htmx
the hx-get attributes of the page work as with the script.
"""

from copy import deepcopy
from http import HTTPStatus
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories.people import PASSWORD
from tests.journeys import forms, htmx
from tests.journeys.tree import parse


class Visitor:
    def __init__(self, *, htmx=False, client=None):
        self.has_htmx = htmx
        self.client = client or Client(enforce_csrf_checks=True)
        self.path = "/"
        self.page = None
        self.typed = {}

    def another_tab(self):
        """The same browser, looking at the same page, with nothing typed."""
        tab = Visitor(htmx=self.has_htmx)
        tab.client = self.client
        return tab.open(self.path)

    def twin(self):
        """The same person, the page as it is filled in, in a browser of its own with the same
        cookies.
        """
        twin = Visitor(htmx=self.has_htmx)
        twin.client.cookies = SimpleCookie(self.client.cookies)
        twin.path, twin.page = self.path, deepcopy(self.page)
        twin.typed = dict(self.typed)
        return twin

    # --- Reading

    @property
    def text(self):
        return next(self.page.nodes("body")).text

    def see(self, *words):
        for word in words:
            assert word in self.text, f"{word!r} is not on {self.path}: {self.text}"
        return self

    def miss(self, *words):
        for word in words:
            assert word not in self.text, f"{word!r} is on {self.path}"
        return self

    def at(self, name, *args):
        assert urlsplit(self.path).path == reverse(name, args=args), f"at {self.path}: {self.text}"
        return self

    def links(self):
        """Text and address of every link, in the order of the page."""
        return [(link.text, link.get("href")) for link in self.page.nodes("a") if link.has("href")]

    def timeline(self):
        """Of each node of the timeline its words, and the moment where it has one."""
        items = next(n for n in self.page.nodes("ol") if n.get("class") == "tl").nodes("li")
        return [
            (
                next(item.nodes("b")).text,
                next((time.text for time in item.nodes("time")), None),
            )
            for item in items
        ]

    # --- Going

    def open(self, path, *, status=HTTPStatus.OK):
        return self._arrive(self.client.get(path, follow=True), path, status)

    def follow(self, label):
        """Click the first link whose words hold `label`."""
        target = next((href for text, href in self.links() if label in text), None)
        assert target, f"no link {label!r} on {self.path}: {self.links()}"
        return self.open(urljoin(self.path, target))

    def reload(self):
        return self.open(self.path)

    def wait(self):
        """Let the page ask for itself, as htmx does; without it, reload."""
        if not self.has_htmx:
            return self.reload()
        for node in list(self.page.nodes()):
            if node.get("hx-trigger", "").startswith(("every ", "load ")):
                self._ask(node)
        return self

    def _arrive(self, response, path, status):
        assert response.status_code == status, f"{path} answered {response.status_code}"
        if response.redirect_chain:
            path = urljoin(path, response.redirect_chain[-1][0])
        self.path, self.typed = path, {}
        self.page = self._parse(response)
        return self

    def _parse(self, response):
        return parse(response.content.decode(), is_scripted=self.has_htmx)

    # --- Forms

    def fill(self, **values):
        """Type into controls by their names (`-` as `__`); True ticks a box, a file is chosen."""
        for name, value in values.items():
            name = name.replace("__", "-")
            control = self._control(name, value)
            self.typed[name] = value
            if self.has_htmx:
                self._react(control)
        return self

    def narrow(self, **values):
        """Choose something on which the next list depends."""
        self.fill(**values)
        if self.has_htmx:
            return self
        control = self._control(next(iter(values)), None)
        button = next(
            node
            for node in forms.form_of(self.page, control).nodes("button")
            if node.get("name") == "narrow" and node.up("noscript")
        )
        return self.press(button.text)

    def fields(self, form):
        """Names of the controls that a person can fill in."""
        hidden = ("hidden", *forms.UNSENT)
        return {
            node.get("name")
            for node in forms.controls(self.page, form)
            if node.get("type") not in hidden and node.name != "button"
        }

    def form(self, identifier):
        return self.page.by_id(identifier)

    def press(self, label, *, status=HTTPStatus.OK):
        """Click the button with the words `label`, and go where its form leads."""
        button = next(
            (
                node
                for node in self.page.nodes("button", "input")
                if (node.text or node.get("value")) == label and node.get("type") != "button"
            ),
            None,
        )
        assert button, f"no button {label!r} on {self.path}: {self.text}"
        form = forms.form_of(self.page, button)
        data = self.data(form)
        if button.get("name"):
            data[button.get("name")] = button.get("value", "")
        return self.send(form, data, status=status)

    def send(self, form, data, *, status=HTTPStatus.OK):
        """Send `data` to the URL of `form`; also used for a second click."""
        path = urljoin(self.path, form.get("action") or self.path)
        if form.get("method", "get").lower() == "get":
            return self.open(f"{path}?{urlencode(data)}", status=status)
        sends_files = form.get("enctype") == "multipart/form-data"
        assert sends_files or not any(isinstance(v, UploadedFile) for v in data.values())
        return self._arrive(self.client.post(path, data, follow=True), path, status)

    def data(self, form):
        """What the browser would send: the values on the page, and over them what was typed."""
        return forms.data(self.page, form, self.typed)

    def _control(self, name, value):
        for node in self.page.nodes("input", "select", "textarea"):
            if node.get("name") != name:
                continue
            if node.name == "select" and value is not None:
                offered = [option.get("value") for option in node.nodes("option")]
                assert value in offered, f"{name} offers {offered}, not {value!r}"
            if node.get("type") == "radio" and value not in (None, node.get("value")):
                continue
            return node
        raise AssertionError(f"nothing called {name} to fill in on {self.path}: {self.text}")

    # --- htmx

    def _react(self, control):
        """What htmx does on a change of `control`."""
        if control.get("hx-get"):
            self._ask(control)
        form = forms.form_of(self.page, control)
        for node in list(self.page.nodes()):
            if node.get("hx-trigger", "").startswith(f"change from:#{form.get('id')} "):
                self._ask(node)

    def _ask(self, node):
        request = htmx.request_of(self.page, node, location=self.path, typed=self.typed)
        response = request.send(self.client)
        if response.status_code == HTTPStatus.OK:
            htmx.swap(self.page, node, response.content.decode())

    # --- The account

    def sign_in(self, user, *, password=PASSWORD):
        self.fill(login=user.employee_number, password=password)
        return self.press("登录")

    def sign_out(self):
        return self.press("退出登录")
