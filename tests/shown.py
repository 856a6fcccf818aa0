"""Two windows: a page as it was loaded, and what its form sends later."""

import re

from tests.journeys import forms
from tests.journeys.tree import parse


class Window:
    """A page that stays open. `client` is whose it is; several windows may share one."""

    def __init__(self, client, url):
        self.client = client
        self.url = url
        response = client.get(url)
        assert response.status_code == 200, response
        self.page = parse(response.content.decode(), is_scripted=True)

    def data(self, form, **typed):
        """What the form with this id sends: what the page showed, and over it what was typed.

        What no control is called is sent as well: the answer to a question that came later.
        """
        sent = forms.data(self.page, self.page.by_id(form), typed)
        on_page = {node.get("name") for node in self.page.nodes("input", "select", "textarea")}
        return sent | {name: value for name, value in typed.items() if name not in on_page}

    def send(self, form, *, to=None, **typed):
        """The answer to the form; `to` is another address than the page's own."""
        return self.client.post(to or self.url, self.data(form, **typed))


def shown_by(client, url):
    """The hidden field of the page, for a test that posts what it likes."""
    page = parse(client.get(url).content.decode(), is_scripted=True)
    fields = [node for node in page.nodes("input") if node.get("name") == "shown"]
    return {"shown": fields[0].get("value")} if fields else {}


def send(client, url, data=None, *, page=None, **options):
    """Post `data` as somebody who has just loaded the `page` of the form, which is `url` itself."""
    return client.post(url, shown_by(client, page or url) | (data or {}), **options)


def words_of(response):
    """What a person reads of the page, without the marks that keep a date in one piece."""
    return words(response.content.decode())


def words(html):
    return re.sub(r"<[^>]+>", "", html)
