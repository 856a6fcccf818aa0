import pytest

from tests.faults.deployed_portal import DeployedPortal
from tests.faults.postgres_server import own_postgres


@pytest.fixture(scope="package")
def world(tmp_path_factory):
    """(portal, server), both running: a `DeployedPortal` on a PostgreSQL of its own."""
    with own_postgres() as server:
        portal = DeployedPortal(server, tmp_path_factory.mktemp("var"))
        portal.prepare()
        process = portal.start()
        try:
            portal.wait_until_it_serves(seconds=30)
            yield portal, server
        finally:
            process.terminate()
            process.wait(timeout=20)
