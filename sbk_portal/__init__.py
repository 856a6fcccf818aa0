from sbk_portal import quick_dataclasses

quick_dataclasses.install()  # before any room declares one

from sbk_portal.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
