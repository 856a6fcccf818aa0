"""Keys for tests."""

import base64
import os
import secrets


def new_field_key():
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def new_index_key():
    return secrets.token_hex(32)
