"""A passkey in software: registered as allauth stores it, and answering as a browser does."""

import hashlib
import json
import os

from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

HOST = "testserver"
_HOST_HASH = hashlib.sha256(HOST.encode()).digest()
_FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class Passkey:
    def __init__(self):
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)

    def register(self, user):
        """Make it a passkey of `user`."""
        key = ES256.from_cryptography_key(self.private.public_key())
        data = AuthenticatorData.create(
            _HOST_HASH,
            _FLAGS | AuthenticatorData.FLAG.AT,
            0,
            AttestedCredentialData.create(bytes(16), self.id, key),
        )
        response = {
            "clientDataJSON": self._client_data("webauthn.create", "AAAA"),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return WebAuthn.add(user, "手机", self._credential(response))

    def answer(self, options, *, challenge=None):
        """What a browser posts for the `options` of the page."""
        asked = challenge or options["publicKey"]["challenge"]
        data = AuthenticatorData.create(_HOST_HASH, _FLAGS, 1)
        client_data = self._client_data("webauthn.get", asked)
        signed = data + CollectedClientData.create("webauthn.get", asked, f"https://{HOST}").hash
        response = {
            "clientDataJSON": client_data,
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.private.sign(signed, ec.ECDSA(hashes.SHA256()))),
        }
        return json.dumps(self._credential(response))

    def _credential(self, response):
        name = websafe_encode(self.id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }

    @staticmethod
    def _client_data(kind, challenge):
        return websafe_encode(CollectedClientData.create(kind, challenge, f"https://{HOST}"))
