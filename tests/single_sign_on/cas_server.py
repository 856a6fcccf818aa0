"""A CAS server on a port of its own, as the protocol describes it, with faults on demand."""

import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

NAMESPACE = ' xmlns:cas="http://www.yale.edu/tp/cas"'


@dataclass
class Ticket:
    service: str
    name: str
    attributes: list = field(default_factory=list)
    is_fresh: bool = False


class CasServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.tickets = {}
        self.asked = []
        self.fault = ""
        self.prefix, self.has_group = "cas:", True
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request, client_address):
        """The portal hangs up on a slow answer."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/cas"

    def issue(self, service, name, attributes=(), *, is_fresh=False):
        """A ticket for `service`, as after a sign-in of `name`."""
        ticket = f"ST-{secrets.token_urlsafe(12)}"
        self.tickets[ticket] = Ticket(service, name, list(attributes), is_fresh)
        return ticket

    def validate(self, query):
        self.asked.append(query)
        ticket = self.tickets.pop(query["ticket"], None)  # good once, whatever the answer
        if ticket is None:
            return self._failure("INVALID_TICKET")
        if ticket.service != query["service"]:
            return self._failure("INVALID_SERVICE")
        if query.get("renew") and not ticket.is_fresh:
            return self._failure("INVALID_TICKET")
        inside = self._element("user", ticket.name)
        attributes = "".join(self._element(*pair) for pair in ticket.attributes)
        if self.has_group:
            attributes = self._wrapped("attributes", attributes)
        return self._response(self._wrapped("authenticationSuccess", inside + attributes))

    def _element(self, name, value):
        return self._wrapped(name, escape(value))

    def _wrapped(self, name, inside):
        return f"<{self.prefix}{name}>{inside}</{self.prefix}{name}>"

    def _failure(self, code):
        name = f"{self.prefix}authenticationFailure"
        return self._response(f'<{name} code="{code}">no</{name}>')

    def _response(self, inside):
        name = f"{self.prefix}serviceResponse"
        return f"<{name}{NAMESPACE if self.prefix else ''}>{inside}</{name}>"


class _Answers(BaseHTTPRequestHandler):
    server: CasServer

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path != "/cas/p3/serviceValidate":
            self.send_error(404)
            return
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        body = self.server.validate(query).encode()
        fault = self.server.fault
        if fault == "redirect":
            self.send_response(302)
            self.send_header("Location", "/cas/login")
            self.end_headers()
            return
        if fault == "slow":
            time.sleep(1)
        if fault == "page":
            body = "<html><body>维护中</body></html>".encode()
        if fault == "entities":
            body = b'<!DOCTYPE a [<!ENTITY b "c">]>' + body
        self.send_response(500 if fault == "error" else 200)
        self.send_header("Content-Type", "application/xml; charset=utf-8")
        if fault != "half":
            self.send_header("Content-Length", str(len(body) + (9 if fault == "cut" else 0)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if fault in {"half", "cut"} else body)

    def log_message(self, *args):
        pass
