"""What the processes of a worker load, and what they share out of the collector's sight."""

import gc
import json

from celery.signals import celeryd_init, worker_init

from sbk_portal import celery
from tests import fresh_process

LOAD = """
import json, sys
from sbk_portal.background import app
app.loader.import_default_modules()  # as the command does, with what Celery adds for Django
print(json.dumps(sorted(sys.modules)))
"""


def test_a_worker_loads_without_the_collector_and_then_has_it_again():
    assert _is_called(celery.load_without_collector, celeryd_init)
    assert _is_called(celery.share_what_is_loaded, worker_init)
    try:
        celery.load_without_collector()
        assert not gc.isenabled()
        celery.share_what_is_loaded()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.enable()


def test_a_worker_loads_no_pages_and_no_shell(tmp_path):
    ended = fresh_process.run(
        LOAD, env={"DJANGO_SETTINGS_MODULE": "sbk_portal.settings", "SBK_VAR_DIR": str(tmp_path)}
    )
    loaded = json.loads(ended.stdout)
    assert "apps.payments.tasks" in loaded, ended.stderr
    assert not {"sbk_portal.urls", "apps.review.views", "apps.home.views"} & set(loaded)
    assert not {"click_repl", "prompt_toolkit", "celery.bin.celery"} & set(loaded)


def _is_called(function, signal):
    return any(reference() is function for _, reference in signal.receivers)
