import threading
from http.server import ThreadingHTTPServer

import pytest

from apps.notices import wecom
from tests.notices.wecom_server import AGENT, CORP, SECRET, Wecom


@pytest.fixture
def wecom_server(settings):
    """`answers` are given in place of its own, `missing` bytes less than announced are sent."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wecom)
    server.tokens, server.told, server.answers, server.missing = 0, [], [], 0
    settings.WECOM_URL = f"http://127.0.0.1:{server.server_port}"
    settings.WECOM_CORP_ID, settings.WECOM_SECRET, settings.WECOM_AGENT_ID = CORP, SECRET, AGENT
    settings.WECOM_TIMEOUT = 1
    wecom._tokens.clear()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
    wecom._tokens.clear()
