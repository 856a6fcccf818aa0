"""The database, its connections and what it prepares."""

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from sbk_portal import parties  # noqa: F401 (first: it names all that is missing at once)
from sbk_portal.environment import VAR_DIR, env

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
_database = DATABASES["default"]
if "ENGINE" not in _database:
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres://（要以 postgres:// 开头）")
_database["ATOMIC_REQUESTS"] = False
_options = _database.setdefault("OPTIONS", {})  # what stands in DATABASE_URL after "?" is kept
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _options["timeout"] = 20
    _options["transaction_mode"] = "IMMEDIATE"
    _options["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    # Statements that a connection keeps prepared. Python's 128 are fewer than the pages send.
    _options["cached_statements"] = 1000
elif _database["ENGINE"] == "django.db.backends.postgresql":
    _database["CONN_MAX_AGE"] = 0
    _options.setdefault("connect_timeout", 2)
    # What was sent and not received within so many milliseconds is lost: the network is away.
    _options.setdefault("tcp_user_timeout", 5000)
    # No statement is long enough for its machine code to pay off, and PostgreSQL guesses that some
    # of a page are: compiling took 15 to 40 ms, running less than one (decision 0154).
    _options.setdefault("options", "-c jit=off")
    # PostgreSQL plans a statement once for each connection, not each time: planning took two
    # thirds of its work for a page. It counts how often a statement comes; 0: never.
    _prepare_from = env.int("DB_PREPARE_FROM", default=3)
    if _prepare_from:
        _options |= {"server_side_binding": True, "prepare_threshold": _prepare_from}
    # Connections of one process, at most: one a thread is enough. 0: none is kept.
    _most = env.int("DB_POOL", default=8)
    if _most:
        # A connection that the server has closed is replaced before it is used.
        _database["CONN_HEALTH_CHECKS"] = True
        _options["pool"] = {
            "min_size": 1,
            "max_size": _most,
            # Seconds: who waits for a page gets an answer (503.html) when the database is away. By
            # itself the pool would wait half a minute, and pause longer and longer between tries.
            "timeout": 2.0,
            "reconnect_timeout": 2.0,
            # A server that hangs is found out, and what is prepared is kept (PostgreSQL only, so
            # read here).
            "connection_class": import_string("sbk_portal.prepared_statements.PortalConnection"),
        }
