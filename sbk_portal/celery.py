"""The Celery application, and the one list of periodic work."""

import gc
import logging.config
import os
import warnings
from typing import Any

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import celeryd_init, setup_logging, worker_init
from django.conf import settings
from kombu import Queue
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbk_portal.settings")
# Celery would run all checks of Django in each worker and in beat, which loads every page. They are
# run once, before the start: deploy/systemd/sbk-migrate.service.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

TRANSPORT_ALIASES["files"] = "sbk_portal.file_broker:Transport"

# Celery warns a worker of root against messages that run code; ours are JSON, which runs none.
warnings.filterwarnings("ignore", category=SecurityWarning, module="celery.platforms")

app = Celery("sbk_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Periodic work, one entry a task: "payments.reconcile": {"task": "apps.payments.tasks.reconcile",
# "schedule": 10.0} (seconds). Every task looks for due rows and may run twice, so a missed or
# repeated tick does no harm.
SCHEDULE: dict[str, dict[str, Any]] = {
    "requests.accept": {"task": "apps.requests.tasks.accept_paid_requests", "schedule": 3.0},
    "requests.collect": {
        "task": "apps.requests.tasks.collect_overdue_requests",
        "schedule": 3600.0,
    },
    "requests.resume": {"task": "apps.requests.tasks.resume_lapsed_requests", "schedule": 600.0},
    "bureau.production": {"task": "apps.bureau.tasks.advance_production", "schedule": 10.0},
    "reporting.count": {"task": "apps.reporting.tasks.count_events", "schedule": 10.0},
    "reporting.measure": {"task": "apps.reporting.tasks.measure_stages", "schedule": 3600.0},
    "cashier.deliver_notices": {"task": "apps.cashier.tasks.deliver_notices", "schedule": 3.0},
    "payments.reconcile": {"task": "apps.payments.tasks.reconcile", "schedule": 10.0},
    "payments.ask_about_paid": {
        "task": "apps.payments.tasks.ask_about_paid",
        "schedule": 60.0,
    },
    "payments.send_refunds": {"task": "apps.payments.tasks.send_refunds", "schedule": 10.0},
    "bills.fetch": {"task": "apps.bills.tasks.fetch_bills", "schedule": 300.0},
    "payments.close_unpaid": {"task": "apps.payments.tasks.close_unpaid", "schedule": 300.0},
    "loss_report.expire": {
        "task": "apps.loss_report.tasks.expire_loss_reports",
        "schedule": 30.0,
    },
    "loss_report.remind": {
        "task": "apps.loss_report.tasks.remind_of_ending_loss_reports",
        "schedule": 600.0,
    },
    "lateness.tell": {"task": "apps.lateness.tasks.tell_overdue", "schedule": 1800.0},
    "guardianships.delete_proofs": {
        "task": "apps.guardianships.tasks.delete_old_proofs",
        "schedule": 3600.0,
    },
    "guardianships.end": {
        "task": "apps.guardianships.tasks.end_guardianships",
        "schedule": 300.0,
    },
    "person_changes.lapse": {"task": "apps.person_changes.tasks.lapse", "schedule": 3600.0},
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
    "invitations.send": {"task": "apps.invitations.tasks.send_invitations", "schedule": 10.0},
    "limits.forget": {"task": "apps.limits.tasks.forget", "schedule": 3600.0},
    "requests.forget": {"task": "apps.requests.tasks.forget", "schedule": 3600.0},
    "bureau.forget": {"task": "apps.bureau.tasks.forget", "schedule": 3600.0},
    "handout.advance": {"task": "apps.handout.tasks.advance_boxes", "schedule": 20.0},
    "handout.departments": {"task": "apps.handout.tasks.follow_roster", "schedule": 600.0},
    "inquiries.forget": {"task": "apps.inquiries.tasks.forget", "schedule": 3600.0},
    "photo_import.work_off": {
        "task": "apps.photo_import.tasks.work_off_archives",
        "schedule": 5.0,
    },
    "photo_import.forget": {"task": "apps.photo_import.tasks.forget_archives", "schedule": 3600.0},
    "staff_photos.forget": {"task": "apps.staff_photos.tasks.forget", "schedule": 3600.0},
    "delivery.forget": {"task": "apps.delivery.tasks.forget", "schedule": 3600.0},
    "verification.forget": {"task": "apps.verification.tasks.forget", "schedule": 3600.0},
    "payments.forget": {"task": "apps.payments.tasks.forget", "schedule": 3600.0},
    "single_sign_on.forget_tickets": {
        "task": "apps.single_sign_on.tasks.forget_tickets",
        "schedule": 3600.0,
    },
    "my_data.forget": {"task": "apps.my_data.tasks.forget", "schedule": 3600.0},
    "replacement.forget": {"task": "apps.replacement.tasks.forget", "schedule": 3600.0},
    "bulk.work_off": {"task": "apps.bulk.tasks.work_off_bulk_runs", "schedule": 3.0},
    "bulk.forget_dry_runs": {"task": "apps.bulk.tasks.forget_dry_runs", "schedule": 3600.0},
    "notices.forget": {"task": "apps.notices.tasks.forget", "schedule": 3600.0},
    "exports.write_exports": {"task": "apps.exports.tasks.write_exports", "schedule": 5.0},
    "exports.order_due_sheets": {
        "task": "apps.exports.tasks.order_due_sheets",
        "schedule": 600.0,
    },
    "exports.delete_expired_exports": {
        "task": "apps.exports.tasks.delete_expired_exports",
        "schedule": 600.0,
    },
    "onboarding.work_off": {"task": "apps.onboarding.tasks.work_off_runs", "schedule": 5.0},
    "onboarding.remind": {"task": "apps.onboarding.tasks.remind_due", "schedule": 600.0},
    "onboarding.forget_runs": {"task": "apps.onboarding.tasks.forget_runs", "schedule": 3600.0},
    "seals.seal": {"task": "apps.seals.tasks.seal_events", "schedule": 60.0},
    "seals.send_heads": {"task": "apps.seals.tasks.send_heads", "schedule": 60.0},
    "seals.check": {"task": "apps.seals.tasks.check_seals", "schedule": 86400.0},
    "team.send_digests": {"task": "apps.team.tasks.send_digests", "schedule": 300.0},
    "team.forget": {"task": "apps.team.tasks.forget", "schedule": 3600.0},
    "operations.watch": {"task": "apps.operations.tasks.watch", "schedule": 60.0},
    "notices.send": {"task": "apps.notices.tasks.send_notices", "schedule": 10.0},
}

# A message that no worker took is of no use once the next one is there: without workers the broker
# would fill up.
for _entry in SCHEDULE.values():
    _entry["options"] = {"expires": _entry["schedule"] * 0.9}
# Assigned as a whole: reading it back would load the settings with this module.
app.conf.beat_schedule = SCHEDULE

# Which queue a task waits in: a full name, or a pattern; the first that fits counts, names before
# patterns. So a long export or a slow SMS gateway never stands before a payment. A worker without
# `--queues` takes all of them.
QUEUES = ("lifecycle", "bureau", "notices", "heavy")
ROUTES = {
    "apps.bureau.tasks.advance_production": "bureau",
    "apps.bills.tasks.*": "heavy",
    "apps.invitations.tasks.send_invitations": "notices",
    "apps.loss_report.tasks.remind_of_ending_loss_reports": "notices",
    "apps.notices.tasks.send_notices": "notices",
    "apps.lateness.tasks.tell_overdue": "notices",
    "apps.team.tasks.send_digests": "notices",
    "apps.onboarding.tasks.work_off_runs": "notices",
    "apps.onboarding.tasks.remind_due": "notices",
    "apps.guardianships.tasks.end_guardianships": "lifecycle",
    "apps.*.tasks.forget*": "heavy",
    "apps.*.tasks.delete_*": "heavy",
    "apps.people.tasks.*": "heavy",
    "apps.roster.tasks.*": "heavy",
    "apps.bulk.tasks.*": "heavy",
    "apps.exports.tasks.*": "heavy",
    "apps.photo_import.tasks.*": "heavy",
    "apps.reporting.tasks.*": "heavy",
    "apps.seals.tasks.check_seals": "heavy",
    "apps.*": "lifecycle",
}
app.conf.task_queues = [Queue(name) for name in QUEUES]
app.conf.task_default_queue = QUEUES[0]
app.conf.task_routes = {pattern: {"queue": queue} for pattern, queue in ROUTES.items()}


# The lines of a task carry the number of the request that asked for it.
app.steps["worker"].add("django_structlog.celery.steps:DjangoStructLogInitStep")


@setup_logging.connect
def log_as_django_does(**kwargs):
    """Keep Celery from replacing the handlers and levels of our own LOGGING."""
    logging.config.dictConfig(settings.LOGGING)


@celeryd_init.connect
def load_without_collector(**kwargs):
    """Loading leaves hardly any garbage, and looking for it takes a fifth of the start."""
    gc.disable()


@worker_init.connect
def share_what_is_loaded(**kwargs):
    """The processes of a worker are copies: the collector would write into what they share."""
    gc.freeze()
    gc.enable()
