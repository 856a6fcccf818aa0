"""A person who follows every link that offers something and presses every plain button."""

from urllib.parse import urljoin

from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.journeys import forms
from tests.journeys.tree import parse

DEPTH = 2  # pages from the first one
FOLLOWED = {"btn", "todo"}
PAGES = (
    "home:home",
    "home:records",
    "home:messages",
    "application:guide",
    "application:guide_for_child",
    "activation:guide",
    "activation:records",
    "replacement:guide",
    "loss_report:guide",
    "loss_report:records",
    "progress:list",
    "children:list",
    "handout:index",
    "my_data:index",
)


class Walk:
    """The walk of one person from `pages` on. `refused` collects what was refused."""

    def __init__(self, user, pages):
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(user)
        self.seen, self.refused = set(), []
        waiting = [(page, "", 0) for page in pages]
        while waiting:
            address, came_from, depth = waiting.pop(0)
            if address in self.seen:
                continue
            self.seen.add(address)
            response = self.client.get(address, follow=True)
            self._judge(response, address, came_from)
            at = response.redirect_chain[-1][0] if response.redirect_chain else address
            if depth < DEPTH and "html" in response["Content-Type"]:
                page = parse(response.content.decode(), is_scripted=True)
                self._press_buttons(page, at)
                waiting += [(link, at, depth + 1) for link in self._links(page, at)]

    def _links(self, page, at):
        for link in page.nodes("a"):
            is_offer = FOLLOWED & set(link.get("class", "").split()) or link.up("main", "footer")
            address = urljoin(at, link.get("href", "")).partition("#")[0]
            if is_offer and address.startswith("/"):
                yield address

    def _press_buttons(self, page, at):
        for form in page.nodes("form"):
            address = urljoin(at, form.get("action") or at)
            if form.get("method") != "post" or not form.up("main"):
                continue
            data = forms.data(page, form)
            if set(data) != {"csrfmiddlewaretoken"} or ("post", address) in self.seen:
                continue  # something has to be filled in first, or it has been pressed
            self.seen.add(("post", address))
            with transaction.atomic():
                response = self.client.post(address, data, follow=True)
                self._judge(response, f"POST {address}", at)
                transaction.set_rollback(True)

    def _judge(self, response, address, came_from):
        context = response.context or {}
        words = [str(message) for message in context.get("messages", []) if "error" in message.tags]
        refusal = context.get("refusal")
        if response.status_code != 200 or words or refusal:
            why = words or getattr(refusal, "message", response.status_code)
            self.refused.append(f"{came_from} → {address}: {why}")


def walk(user, *rows, of=None, pages=()):
    """Walk from the pages that show `rows` of requests and cards to `user`, `of` whom they are.

    `pages` are further ones, to which a form leads that has to be filled in.
    """
    pages = [*(reverse(name) for name in PAGES), *pages]
    if of is not None:
        names = ("home:home", "home:records", "progress:list")
        pages += [f"{reverse(name)}?person={of.reference}" for name in names]
    for row in rows:
        if hasattr(row, "get_absolute_url"):
            pages += [row.get_absolute_url(), reverse("application:detail", args=[row.reference])]
        else:
            pages += [reverse("loss_report:usable", args=[row.reference])]
    refused = Walk(user, pages).refused
    assert refused == [], refused
