"""A stand-in for the SMS gateway of HttpSms: takes messages and keeps them."""

import json
import re
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Messages(list):
    """What was sent: {"phone", "text"} of each message."""

    def code(self, phone, *, seconds=60):
        """The newest code for `phone`, which may still be on its way."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for message in reversed(self):
                found = re.search(r"(?<!\d)\d{6}(?!\d)", message["text"])
                if message["phone"] == phone and found:
                    return found[0]
            time.sleep(0.1)
        raise AssertionError(f"no code was sent: {self}")


@contextmanager
def gateway(port):
    """Listens on 127.0.0.1:`port`; gives the messages that arrive."""
    messages = Messages()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            messages.append(json.loads(body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield messages
    finally:
        server.shutdown()
        server.server_close()
