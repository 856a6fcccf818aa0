"""Which mode the portal runs in, and where its files are. `settings` and `rules` both read this.

Two modes. `embedded` (the default) needs nothing: SQLite, a broker made of files, secrets that are
generated into var/ on the first start. `production` needs PostgreSQL, Redis and its own secrets,
and refuses to start while one is missing.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("SBK_VAR_DIR", default=str(BASE_DIR / "var")))
# It holds personal data, so only the owner of the process may read it.
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

MODE = env.str("SBK_MODE", default="embedded")
if MODE not in {"embedded", "production"}:
    raise ImproperlyConfigured(f"SBK_MODE is {MODE!r}; it must be embedded or production")
EMBEDDED = MODE == "embedded"
# A live demonstration: shows the outbox page and quick production. On only in the embedded default.
DEMO = EMBEDDED and env.bool("SBK_DEMO", default=False)
