"""The Celery application, and the one list of periodic work."""

import logging.config
import os
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import setup_logging
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbk_portal.settings")

TRANSPORT_ALIASES["files"] = "sbk_portal.file_broker:Transport"

# Celery warns a worker of root against messages that run code; ours are JSON, which runs none.
warnings.filterwarnings("ignore", category=SecurityWarning, module="celery.platforms")

app = Celery("sbk_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Periodic work, one entry a task: "payments.reconcile": {"task": "apps.payments.tasks.reconcile",
# "schedule": 10.0} (seconds, or celery.schedules.crontab in UTC). Every task looks for due rows and
# may run twice, so a missed or repeated tick does no harm.
app.conf.beat_schedule = {
    "requests.accept": {"task": "apps.requests.tasks.accept_paid_requests", "schedule": 3.0},
    "requests.collect": {
        "task": "apps.requests.tasks.collect_overdue_requests",
        "schedule": 3600.0,
    },
    "requests.resume": {"task": "apps.requests.tasks.resume_lapsed_requests", "schedule": 600.0},
    "bureau.production": {"task": "apps.bureau.tasks.advance_production", "schedule": 10.0},
    "reporting.measure": {"task": "apps.reporting.tasks.measure_stages", "schedule": 3600.0},
    "cashier.deliver_notices": {"task": "apps.cashier.tasks.deliver_notices", "schedule": 3.0},
    "payments.reconcile": {"task": "apps.payments.tasks.reconcile", "schedule": 10.0},
    "payments.send_refunds": {"task": "apps.payments.tasks.send_refunds", "schedule": 10.0},
    "payments.close_unpaid": {"task": "apps.payments.tasks.close_unpaid", "schedule": 300.0},
    "loss_report.expire": {
        "task": "apps.loss_report.tasks.expire_loss_reports",
        "schedule": 30.0,
    },
    "loss_report.remind": {
        "task": "apps.loss_report.tasks.remind_of_ending_loss_reports",
        "schedule": 600.0,
    },
    "people.delete_proofs": {"task": "apps.people.tasks.delete_old_proofs", "schedule": 3600.0},
    "people.end_guardianships": {
        "task": "apps.people.tasks.end_guardianships",
        "schedule": 300.0,
    },
    "people.clear_sessions": {"task": "apps.people.tasks.clear_sessions", "schedule": 3600.0},
    "people.forget_unsent_forms": {
        "task": "apps.people.tasks.forget_unsent_forms",
        "schedule": 600.0,
    },
    "roster.read": {"task": "apps.roster.tasks.read_rosters", "schedule": 5.0},
    "roster.apply": {"task": "apps.roster.tasks.apply_rosters", "schedule": 5.0},
    "roster.discard_old": {
        "task": "apps.roster.tasks.discard_old_rosters",
        "schedule": 3600.0,
    },
    "roster.send_invitations": {"task": "apps.roster.tasks.send_invitations", "schedule": 10.0},
    "requests.forget": {"task": "apps.requests.tasks.forget", "schedule": 3600.0},
    "bureau.forget": {"task": "apps.bureau.tasks.forget", "schedule": 3600.0},
    "inquiries.forget": {"task": "apps.inquiries.tasks.forget", "schedule": 3600.0},
    "delivery.forget": {"task": "apps.delivery.tasks.forget", "schedule": 3600.0},
    "verification.forget": {"task": "apps.verification.tasks.forget", "schedule": 3600.0},
    "payments.forget": {"task": "apps.payments.tasks.forget", "schedule": 3600.0},
    "bulk.work_off": {"task": "apps.bulk.tasks.work_off_bulk_runs", "schedule": 3.0},
    "bulk.forget_dry_runs": {"task": "apps.bulk.tasks.forget_dry_runs", "schedule": 3600.0},
    "notices.forget": {"task": "apps.notices.tasks.forget", "schedule": 3600.0},
    "exports.write_exports": {"task": "apps.exports.tasks.write_exports", "schedule": 5.0},
    "exports.delete_expired_exports": {
        "task": "apps.exports.tasks.delete_expired_exports",
        "schedule": 600.0,
    },
    "notices.send": {"task": "apps.notices.tasks.send_notices", "schedule": 10.0},
}


@setup_logging.connect
def log_as_django_does(**kwargs):
    """Keep Celery from replacing the handlers and levels of our own LOGGING."""
    logging.config.dictConfig(settings.LOGGING)
