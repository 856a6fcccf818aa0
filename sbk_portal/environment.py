"""Which mode the portal runs in, and where its files are. `settings` and `rules` both read this.

Two modes. `embedded` (the default) needs nothing: SQLite, a broker made of files, secrets that are
generated into var/ on the first start. `production` needs PostgreSQL, Redis and its own secrets,
and refuses to start while one is missing.

The value of any variable NAME may stand in a file that NAME_FILE names, as systemd and Docker hand
over secrets.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

from sbk_portal.writable import DEFAULT_FOLDER


class Given(FileAwareMapping):
    """The environment and the files that it names. The line feed at the end of a file is no part.

    Raises ImproperlyConfigured for a file that cannot be read.
    """

    def __getitem__(self, key: str) -> str:
        try:
            return super().__getitem__(key).rstrip("\n")
        except OSError as error:
            raise ImproperlyConfigured(
                f"{key}_FILE names a file that cannot be read: {error.strerror}"
            ) from None


class _Env(environ.Env):
    ENVIRON = Given()


env = _Env()


def given(name: str) -> str:
    """The value of `name` as it stands, from the environment or a file; empty when there is none.

    `env` takes a value that begins with a dollar sign for the name of another variable.
    """
    return _Env.ENVIRON.get(name, "")


BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("SBK_VAR_DIR", default=str(DEFAULT_FOLDER)))
# It holds personal data, so only the owner of the process may read it.
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

MODE = env.str("SBK_MODE", default="embedded")
if MODE not in {"embedded", "production"}:
    raise ImproperlyConfigured(f"SBK_MODE is {MODE!r}; it must be embedded or production")
EMBEDDED = MODE == "embedded"
# A live demonstration: shows the outbox page and quick production. On only in the embedded default.
DEMO = EMBEDDED and env.bool("SBK_DEMO", default=False)
