"""CAS, protocol 3: the addresses of the server, its answer about a ticket, its word of an end.

django-cas-ng builds the client from the settings CAS_*. Its parser takes neither an answer without
the namespace nor attributes beside the name, which servers of universities do send; ours does.
"""

from urllib.parse import urlencode, urljoin
from xml.etree import ElementTree

import requests
from django.conf import settings
from django.urls import reverse
from django_cas_ng.utils import get_cas_client

from apps.single_sign_on.identity import Identity
from apps.single_sign_on.refusals import no_answer, not_accepted
from apps.single_sign_on.waiting import session_of

# Beside the name in an answer, and no attributes.
_OTHERS = {"user", "attributes", "proxies", "proxyGrantingTicket"}


def service_url(state):
    """Where the server sends people back to. `state` binds the ticket to one browser."""
    return (
        f"{settings.PORTAL_URL}{reverse('single_sign_on:cas_back')}?{urlencode({'state': state})}"
    )


def sign_in_url(*, state, is_again):
    """The sign-in page of the server; `is_again` asks for the password even if it knows them."""
    client = get_cas_client(service_url=service_url(state))
    client.renew = is_again
    return client.get_login_url()


def sign_out_url():
    return get_cas_client().get_logout_url(settings.PORTAL_URL + "/")


def validate(request, ticket, *, state, is_again):
    """The `Identity` to whom the server gave `ticket`. Raises `SignInRefused`.

    Never in a transaction: it asks the server. A ticket is good once, and for this `state` only.
    """
    client = get_cas_client(service_url=service_url(state))
    client.session = session_of(request)
    asked = {"ticket": ticket, "service": client.service_url}
    try:
        answer = client.session.get(
            urljoin(client.server_url, client.url_suffix),
            params=asked | ({"renew": "true"} if is_again else {}),
        )
    except requests.RequestException:
        raise no_answer() from None
    if answer.status_code != requests.codes.ok:
        raise no_answer()
    return _read(answer.content)


def _read(body):
    root = _parse(body)
    if root is None or _tag(root) != "serviceResponse" or not len(root):
        raise no_answer()
    found = root[0]
    name = next((_text(part) for part in found if _tag(part) == "user"), "")
    if _tag(found) != "authenticationSuccess" or not name:
        raise not_accepted()
    attributes: dict[str, list[str]] = {}
    groups = [part for part in found if _tag(part) == "attributes"]
    for part in [*(part for group in groups for part in group), *found]:
        if _tag(part) in _OTHERS:
            continue
        # Some servers write <attribute name="…" value="…"/>.
        key = part.get("name") or _tag(part)
        attributes.setdefault(key, []).append(part.get("value") or _text(part))
    return Identity(name, attributes)


def ended_ticket(logout_request):
    """The ticket whose session a `logoutRequest` of the server ends; "" if it is none."""
    root = _parse(logout_request.encode())
    if root is None or _tag(root) != "LogoutRequest":
        return ""
    return next((_text(part) for part in root.iter() if _tag(part) == "SessionIndex"), "")


def _parse(body):
    """The root of the XML `body`, or None. A document type, and so an entity, is not taken."""
    parser = ElementTree.XMLParser(target=_WithoutDocumentType())  # noqa: S314
    try:
        return ElementTree.fromstring(body, parser)  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError):
        return None


class _WithoutDocumentType(ElementTree.TreeBuilder):
    """Whatever the encoding: to look for the word in the bytes does not find it in UTF-16."""

    def doctype(self, name, public_id, system):
        raise ValueError("a document type")


def _tag(element):
    """The name of `element`, with or without a namespace."""
    return element.tag.rpartition("}")[2].rpartition(":")[2]


def _text(element):
    return (element.text or "").strip()
