"""What the processes of a worker share: what was loaded is out of the collector's sight."""

import gc

from celery.signals import celeryd_init, worker_init

from sbk_portal import celery


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


def _is_called(function, signal):
    return any(reference() is function for _, reference in signal.receivers)
