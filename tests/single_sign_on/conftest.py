import pytest

from tests.single_sign_on.cas_server import CasServer
from tests.single_sign_on.oidc_server import CLIENT_ID, CLIENT_SECRET, OidcServer


@pytest.fixture(scope="session")
def _cas():
    server = CasServer()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def cas(_cas, settings):
    _cas.tickets.clear()
    _cas.asked.clear()
    _cas.fault, _cas.prefix, _cas.has_group = "", "cas:", True
    settings.CAS_SERVER_URL = f"{_cas.url}/"
    settings.CAS_NUMBER_ATTRIBUTE = "employeeNumber"
    settings.SINGLE_SIGN_ON_TIMEOUT = 0.5
    return _cas


@pytest.fixture(scope="session")
def _oidc():
    server = OidcServer()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def oidc(_oidc, settings):
    _oidc.begin_anew()
    settings.OIDC_ISSUER_URL = _oidc.url
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    settings.OIDC_NUMBER_CLAIM = "employee_number"
    settings.SINGLE_SIGN_ON_TIMEOUT = 0.5
    return _oidc
