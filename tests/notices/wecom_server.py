"""A small server that answers as 企业微信 does: a token, members, and what it does not take."""

import json
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

CORP, SECRET, AGENT, MEMBER = "ww-test", "a-secret", 1000002, "D7"


class Wecom(BaseHTTPRequestHandler):
    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        if query != {"corpid": [CORP], "corpsecret": [SECRET]}:
            return self._answer({"errcode": 40001})
        self.server.tokens += 1
        token = f"token-{self.server.tokens}"
        return self._answer({"errcode": 0, "access_token": token, "expires_in": 7200})

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        (token,) = parse_qs(urlsplit(self.path).query)["access_token"]
        if self.server.answers:
            return self._answer(self.server.answers.pop(0))
        if token != f"token-{self.server.tokens}" or message["agentid"] != AGENT:
            return self._answer({"errcode": 40014})
        if message["touser"] != MEMBER:
            return self._answer({"errcode": 0, "invaliduser": message["touser"]})
        self.server.told.append((message["touser"], message["text"]["content"]))
        return self._answer({"errcode": 0})

    def _answer(self, content):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + self.server.missing))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass
