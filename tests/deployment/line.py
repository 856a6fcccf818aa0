"""A browser's side of a real connection, with the calls of Django's test client."""

from urllib.parse import urljoin

import requests
from django.core.files.uploadedfile import UploadedFile

TIMEOUT = 60  # seconds; how long an answer may take is asserted where it matters


class Line:
    """To the portal at `address`; `certificate` is the file of the authority that signed its own.

    A `Visitor` takes it for its client. `seconds` collects how long each answer took.
    """

    def __init__(self, address, *, certificate=None):
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = certificate or True
        self.seconds = []

    def get(self, path, *, follow=False):
        return self._answer("GET", path, follow=follow)

    def post(self, path, data, *, follow=False):
        files = {name: value for name, value in data.items() if isinstance(value, UploadedFile)}
        for file in files.values():
            file.seek(0)
        fields = {name: value for name, value in data.items() if name not in files}
        sent = {name: (file.name, file.read(), "image/jpeg") for name, file in files.items()}
        return self._answer("POST", path, follow=follow, data=fields, files=sent or None)

    def _answer(self, method, path, *, follow, **body):
        url = urljoin(self.address, path)
        # Without a Referer the portal would not know a form of its own from one of others.
        headers = {"Referer": url, "Origin": self.address} if method == "POST" else {}
        answer = self.session.request(
            method, url, headers=headers, allow_redirects=follow, timeout=TIMEOUT, **body
        )
        self.seconds.append(answer.elapsed.total_seconds())
        answer.redirect_chain = [
            (urljoin(step.url, step.headers["Location"]).removeprefix(self.address), 302)
            for step in answer.history
        ]
        return answer
