"""A walk over pages that makes every request that an element would make through htmx.

The answer is swapped into the page where htmx would put it. The result must equal the page that a
browser without htmx gets, and going back must show whole pages.
"""

import re
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from tests.journeys import forms, htmx
from tests.journeys.tree import parse

PAGES_OF_ONE_KIND = 2  # of one view, with the same names in the query string
LEAVING = re.compile(r"^/(accounts/logout|admin/logout|static)/")


def view_of(address):
    """The name of the view at `address`; None when there is none of ours."""
    parts = urlsplit(address)
    try:
        return None if parts.netloc else resolve(parts.path).view_name
    except Resolver404:
        return None


class Walk:
    """One person's way. `asked` collects what was tried: the views of page and answer first."""

    def __init__(self, user, *, asked):
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(user)
        self.asked = asked
        self.kinds, self.answers = {}, {}

    def look_at(self, *addresses, follows_links=False):
        """Try all that these pages ask, and the pages that this leads to, or that links lead to."""
        waiting, seen = [*addresses], set()
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            seen.add(address)
            html = self.plain(address)
            if "<html" not in html:
                continue
            page = parse(html, is_scripted=True)
            for number, node in enumerate(htmx.askers(page)):
                waiting += self._try(address, html, number, node)
            if follows_links:
                links = {urljoin(address, link.get("href", "")) for link in page.nodes("a")}
                waiting += filter(self._is_of_a_new_kind, sorted(links - seen))

    def plain(self, address):
        """What a browser without htmx gets at `address`; nothing unless it is HTML."""
        if address not in self.answers:
            response = self.client.get(address)
            is_html = response.status_code == 200 and "text/html" in response["Content-Type"]
            html = self.answers[address] = response.content.decode() if is_html else ""
            assert "<html" not in html or "no-store" in response["Cache-Control"], address
        return self.answers[address]

    def _is_of_a_new_kind(self, address):
        view = view_of(address)
        if view is None or LEAVING.match(address):
            return False
        kind = view, *sorted(re.findall(r"(\w+)=", urlsplit(address).query))
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        return self.kinds[kind] <= PAGES_OF_ONE_KIND

    def _try(self, address, html, number, node):
        """Make the request of `node`, if it is new. Returns the pages that it leads to."""
        asked = urljoin(address, node.get("hx-get") or node.get("hx-post"))
        shown = (node.get(name) for name in ("hx-target", "hx-swap", "name", "value"))
        like = view_of(address), view_of(asked), *shown
        if like in self.asked:
            return []
        self.asked.add(like)
        return [
            found
            for value in _choices(node)
            for found in Answer(self, address, html, number, value).check()
        ]


def _choices(node):
    """What somebody might choose in the control `node`; one None for anything else."""
    if node.name == "select":
        return [option.get("value") for option in node.nodes("option") if option.get("value")]
    return [node.get("value")] if node.get("type") == "radio" else [None]


class Answer:
    """What the element `number` of those that ask on the page `html` is answered."""

    def __init__(self, walk, address, html, number, value):
        self.walk, self.client, self.address = walk, walk.client, address
        self.page, self.before = (parse(html, is_scripted=scripted) for scripted in (True, False))
        self.node = htmx.askers(self.page)[number]
        if value is not None:
            forms.choose(self.page, self.node, value)
        self.request = htmx.request_of(self.page, self.node, location=address)
        self.name = f"{address}: {self.node.get('name') or self.node.get('id')} {value or ''}"

    def check(self):
        """Assert what holds of every fragment; the addresses of pages that it leads to."""
        response = self._ask()
        html = response.content.decode()
        assert response.status_code == 200, self.name
        assert "HX-Refresh" not in response, self.name
        assert "<html" not in html, f"{self.name}: a whole page in the middle of this one"
        pushed = htmx.pushed_by(self.node, self.request, response)
        fragment = htmx.swap(self.page, self.node, html)
        if self.request.method == "post":
            whole = self.client.post(self.request.path, self.request.data).content.decode()
            self._assert_holds(whole, fragment)
            return set()
        if "<html" not in self.walk.plain(self.request.path):
            assert pushed is None, f"{self.name}: no page at the address that is pushed"
            self._assert_holds(self._without_htmx(), fragment)
            return set()
        if self.node.name == "a" and view_of(self.request.path) != view_of(self.address):
            # A part of the page to which the link leads is opened in the place of the link.
            self._assert_back(self.request.path)
            self._assert_holds(self.walk.plain(self.request.path), fragment)
            return {self.request.path}
        pages = {pushed or self.request.path, self.request.path}
        for path in pages | {self.address}:
            self._assert_back(path)
        if self.node.get("rel") == "next":  # the answer goes below what is there
            self._assert_holds(self.walk.plain(self.request.path), fragment)
        else:
            self._assert_same(pushed or self.request.path)
        return pages

    def _ask(self):
        response = self.request.send(self.client)
        if response.status_code == 204:  # nothing has changed: ask as if something had
            self.node.attributes["hx-get"] = urlsplit(self.request.path).path
            self.request = htmx.request_of(self.page, self.node, location=self.address)
            response = self.request.send(self.client)
        return response

    def _without_htmx(self):
        """The page after the button that stands there for browsers without scripts."""
        form = next(
            form
            for form in self.before.nodes("form")
            if any(button.get("name") == "narrow" for button in form.nodes("button"))
        )
        data = forms.data(self.page, self.page.by_id(form.get("id"))) | {"narrow": "1"}
        return self.client.post(form.get("action"), data).content.decode()

    def _assert_holds(self, whole, fragment):
        page = parse(whole, is_scripted=True)
        assert htmx.holds(page, fragment), f"{self.name}: the page without htmx says otherwise"

    def _assert_same(self, path):
        whole = parse(self.walk.plain(path), is_scripted=True)
        assert htmx.lines(htmx.body(self.page)) == htmx.lines(htmx.body(whole)), self.name

    def _assert_back(self, path):
        response = self.client.get(path, headers=htmx.BACK)
        html = response.content.decode()
        for part in ("<html", "<main", "<header" if "/admin/" not in path else 'id="header"'):
            assert part in html, f"{path}: Back shows a page without {part}"
        restored, plain = (parse(text, is_scripted=True) for text in (html, self.walk.plain(path)))
        assert htmx.lines(htmx.body(restored)) == htmx.lines(htmx.body(plain)), path
        assert "HX-Request" in response["Vary"], path
        assert "no-store" in response["Cache-Control"], path
