"""Does what htmx does: which request an element makes, and where its answer goes.

It knows only what our pages use. An attribute that it does not know fails the test.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

from tests.journeys import forms
from tests.journeys.tree import Node, parse

HOST = "http://testserver"
BACK = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


@dataclass(frozen=True)
class Request:
    """The request of an element: `path` with the query of a GET, `data` of a POST, the headers."""

    method: str
    path: str
    data: dict
    headers: dict

    def send(self, client):
        if self.method == "get":
            return client.get(self.path, headers=self.headers)
        return client.post(self.path, self.data, headers=self.headers)


def askers(page):
    """The elements of `page` that make requests."""
    return [node for node in page.nodes() if node.has("hx-get") or node.has("hx-post")]


def request_of(page, node, *, location, typed=None):
    """The `Request` that `node` makes on the page at the address `location`."""
    method = "post" if node.has("hx-post") else "get"
    path = urljoin(location, node.get(f"hx-{method}"))
    data = _values(page, node, method, typed or {})
    if method == "get" and data:
        path += ("&" if "?" in path else "?") + urlencode(data)
    body = next(page.nodes("body"))
    token = re.search(r'"X-CSRFToken": "(\w+)"', body.get("hx-headers", ""))
    headers = {
        "HX-Request": "true",
        "HX-Current-URL": HOST + location,
        "HX-Target": target_of(page, node).get("id", ""),
        "HX-Trigger": node.get("id", ""),
        "HX-Trigger-Name": node.get("name", ""),
        "X-CSRFToken": token[1] if token else "",
    }
    return Request(method, path, data, {name: value for name, value in headers.items() if value})


def _values(page, node, method, typed):
    included = []
    if node.name == "form":
        included = list(forms.controls(page, node))
    elif node.name in {"input", "select", "textarea"}:
        included = [node]
    around = node.up("form")
    if method == "post" and around is not None:
        included += forms.controls(page, around)
    for selector in filter(None, inherited(node, "hx-include", "").split(", ")):
        if selector == "closest form":
            included += forms.controls(page, around)
        else:
            name = re.fullmatch(r"\[name=([\w-]+)\]", selector)[1]
            included += [each for each in page.nodes() if each.get("name") == name]
    return forms.sent_by(included, typed)


def inherited(node, attribute, default=None):
    """The attribute of `node`, or of what it stands in."""
    while node is not None:
        if node.has(attribute):
            return node.get(attribute)
        node = node.parent
    return default


def target_of(page, node):
    """The element that the answer to `node` changes."""
    selector = inherited(node, "hx-target")
    if selector is None:
        return node
    if selector.startswith("closest "):
        return node.up(selector.removeprefix("closest "))
    return page.by_id(selector.removeprefix("#"))


def pushed_by(node, request, response):
    """The address that the browser shows afterwards as a new entry of its history; else None."""
    if "HX-Push-Url" in response:
        return response["HX-Push-Url"]
    pushes = inherited(node, "hx-push-url", "false")
    assert pushes in {"true", "false"}
    return request.path if pushes == "true" else None


def swap(page, node, html):
    """Put the answer `html` to `node` into `page`, and return what stands in the target's place."""
    target = target_of(page, node)
    style = inherited(node, "hx-swap", "innerHTML").split()[0]
    answer = parse(html, is_scripted=True)
    _swap_out_of_band(page, answer)
    put = {"innerHTML": target.put, "outerHTML": target.give_way}[style]
    put(answer.children)
    return answer.children


def _swap_out_of_band(page, answer):
    """Take the parts of `answer` that belong elsewhere on the page, and put them there."""
    for part in [node for node in answer.nodes() if node.has("hx-swap-oob")]:
        part.give_way()
        style, _, target = part.attributes.pop("hx-swap-oob").partition(":#")
        if style == "innerHTML":
            page.by_id(target).put(part.children)
        else:
            assert style == "true"
            page.by_id(part.get("id")).give_way([part])


# --- Comparing

# Values that differ each time a page is made, or depend on the page that was loaded first.
_TOKENS = {"csrfmiddlewaretoken", "next", "shown"}
_SIGNED = re.compile(r"before=[^&]+")


def lines(node, depth=0):
    """`node` as lines of text, to be compared: without tokens, and blanks don't count."""
    if isinstance(node, str):
        return [" " * depth + words] if (words := " ".join(node.split())) else []
    attributes = dict(node.attributes)
    attributes.pop("hx-headers", None)
    attributes.pop("data-session-left", None)
    if node.get("name") in _TOKENS:
        attributes.pop("value")
    shown = "".join(f' {name}="{_plain(value)}"' for name, value in sorted(attributes.items()))
    own = [] if node.name == "#root" else [f"{' ' * depth}<{node.name}{shown}>"]
    return own + [line for child in node.children for line in lines(child, depth + 1)]


def _plain(value):
    return _SIGNED.sub("before=…", " ".join((value or "").split()))


def holds(page, nodes):
    """Whether `page` contains the `nodes` one after the other."""
    wanted = [line for node in nodes for line in lines(node)]
    return any(
        _starts_with([line for child in node.children[place:] for line in lines(child)], wanted)
        for node in page.nodes()
        for place in range(len(node.children))
    )


def _starts_with(found, wanted):
    return found[: len(wanted)] == wanted


def body(page) -> Node:
    return next(page.nodes("body"))
