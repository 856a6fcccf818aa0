"""Which mode the portal runs in, and where its files are. `settings` and `rules` both read this.

Two modes. `embedded` (the default) needs nothing: SQLite, a broker made of files, secrets that are
generated into var/ on the first start. `production` needs PostgreSQL, Redis and its own secrets,
and refuses to start while one is missing.

The value of any variable NAME may stand in a file that NAME_FILE names, as systemd and Docker hand
over secrets.
"""

from collections.abc import Iterable
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

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


# Words for yes and no. Any other, such as ture, would count as no, even for a second factor.
_YES_NO = {*environ.Env.BOOLEAN_TRUE_STRINGS, "false", "off", "no", "n", "0", ""}
# The most of a number whose name ends like this: a hundred years, which dates can be moved by.
_MOST = {"_DAYS": 36_500, "_HOURS": 876_000, "_MINUTES": 52_560_000}
_MOST_OF_ALL = 2**40
_WRITTEN = {
    bool: "must be true or false（只能写 true 或 false）",
    int: "must be a whole number, not below 0 and not too large（要写整数，不小于 0，也不能太大）",
    float: "must be a number, not below 0 and not too large（要写数，不小于 0，也不能太大）",
    dict: "must be written as name=value,name=value（要写成 名称=值,名称=值）",
}
_NO_ADDRESS = "must be an address such as https://example.edu.cn/path（不是地址）"


class _Env(environ.Env):
    ENVIRON = Given()

    def get_value(self, var, cast=None, default=environ.Env.NOTSET, parse_default=False):
        """As the library's. Raises ImproperlyConfigured, with the name, for what makes no sense.

        The value is not in the message: it may be a secret.
        """
        try:
            if cast is bool and self.ENVIRON.get(var, "").lower().strip() not in _YES_NO:
                raise ValueError
            value = super().get_value(var, cast, default, parse_default)
            if isinstance(value, int | float):
                most = next((_MOST[end] for end in _MOST if var.endswith(end)), _MOST_OF_ALL)
                is_no_time = var.endswith("_TIMEOUT") and value == 0
                if is_no_time or not 0 <= value <= most:
                    raise ValueError
        except ValueError:
            raise ImproperlyConfigured(f"{var} {_WRITTEN.get(cast, 'makes no sense')}") from None
        if var.endswith("_URL") and isinstance(value, str):
            _check_address(var, value)
        return value


def _check_address(name: str, text: str) -> None:
    try:
        urlsplit(text).port  # noqa: B018 (raises for what is none)
    except ValueError:
        raise ImproperlyConfigured(f"{name} {_NO_ADDRESS}") from None


def check_networks(name: str, networks: Iterable[str]) -> None:
    """Raise ImproperlyConfigured where one of the `networks` of the setting `name` is none."""
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} must list networks such as 10.0.0.0/8（要写网段，例如 10.0.0.0/8）"
            ) from None


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
