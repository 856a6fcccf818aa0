"""The settings of pretix, with keys of their own in a Redis that others use as well."""

import os

from pretix.settings import *  # noqa: F403
from pretix.settings import CACHES

for _cache in CACHES.values():
    _cache["KEY_PREFIX"] = os.environ["BENCH_PRETIX"]
