"""Other people's software beside ours, in an environment of its own: `make bench PEERS=1`.

Some of these files run with the Python of that environment, by their path, and import nothing of
ours. BENCH_PEERS names that Python; without it the rows of the peers are left out.
"""

import os

PYTHON = os.environ.get("BENCH_PEERS", "")
DATABASE, REDIS = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")


def are_there():
    """Whether the peers can run. Otherwise prints why not, where they were asked for."""
    if not PYTHON:
        return False
    if not os.path.exists(PYTHON):
        print("对照软件没有装上，这一次不与它们比较。")
    elif not DATABASE.startswith("postgres") or not REDIS:
        print("与对照软件比较需要 DATABASE_URL（PostgreSQL）和 REDIS_URL，这一次不比较。")
    else:
        return True
    return False
