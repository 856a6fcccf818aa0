"""An OpenID provider on a port of its own: signs with its key, insists on PKCE, with faults."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "sbk-portal", "a-shared-secret-of-thirty-two-chars"


def _new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class OidcServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.key, self.other_key = _new_key(), _new_key()
        self.begin_anew()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def begin_anew(self):
        self.codes, self.claims, self.userinfo, self.fault = {}, {}, {}, ""
        self.pause = 1  # seconds, with the fault slow

    def handle_error(self, request, client_address):
        """The portal hangs up on a slow answer."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def sign_in(self, address, **claims):
        """Somebody with `claims` signs in on the page `address`. Returns code and state."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = secrets.token_urlsafe(8)
        self.codes[code] = (asked, claims)
        return {"code": code, "state": asked["state"]}

    def token(self, form):
        asked, claims = self.codes.pop(form.get("code", ""), (None, None))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_right = asked and (
            form.get("client_secret") == CLIENT_SECRET
            and form.get("redirect_uri") == asked["redirect_uri"]
            and asked["code_challenge_method"] == "S256"
            and asked["code_challenge"] == challenge
        )
        if not is_right:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        told = {
            "iss": "http://another" if self.fault == "issuer" else self.url,
            "aud": "another" if self.fault == "audience" else CLIENT_ID,
            "iat": now - 7200 if self.fault == "expired" else now,
            "exp": now - 3600 if self.fault == "expired" else now + 300,
            "nonce": "another" if self.fault == "nonce" else asked["nonce"],
            **({"aud": [CLIENT_ID, "b"], "azp": "b"} if self.fault == "party" else {}),
            **claims,
        }
        return 200, {
            "access_token": "a",
            "token_type": "Bearer",
            "id_token": self._signed(told),
        }

    def _signed(self, claims, *, type="JWT"):
        if self.fault == "unsigned":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "1"})
        if self.fault == "secret":  # signed with what every client knows
            return jwt.encode(claims, CLIENT_SECRET, algorithm="HS256", headers={"kid": "1"})
        key = self.other_key if self.fault == "key" else self.key
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1", "typ": type})

    def logout_token(self, *, type="logout+jwt", without=(), **changes):
        """What the server posts when somebody has signed out there; `changes` are of the claims."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_urlsafe(8),
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        }
        claims = {name: claim for name, claim in (claims | changes).items() if name not in without}
        return self._signed(claims, type=type)

    def keys(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]}

    def configuration(self):
        return {
            "issuer": "http://another" if self.fault == "metadata" else self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/out",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


class _Answers(BaseHTTPRequestHandler):
    server: OidcServer

    def do_GET(self):
        path = urlsplit(self.path).path
        pages = {
            "/.well-known/openid-configuration": self.server.configuration,
            "/keys": self.server.keys,
            "/userinfo": lambda: self.server.userinfo,
        }
        self._answer(200, pages[path]())

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._answer(*self.server.token({name: values[0] for name, values in form.items()}))

    def _answer(self, status, content):
        if self.server.fault == "slow":
            time.sleep(self.server.pause)
        if self.server.fault == "error":
            status = 500
        body = b"<html>" if self.server.fault == "page" else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass
