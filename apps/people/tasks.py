from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.people import guardianships, invitations
from apps.people.roster import applying
from apps.people.roster import services as rosters

BATCH = 200
ROSTER_BATCH = 500
# Shorter than the pause between two ticks of the beat.
END_SECONDS = 240


@shared_task
def delete_old_proofs():
    guardianships.delete_old_proofs(at=timezone.now(), limit=BATCH)


@shared_task
def end_guardianships():
    """Of the children who have turned 16; they have ended whether or not this runs."""
    guardianships.end_due(at=timezone.now(), deadline=Deadline(END_SECONDS))


@shared_task
def clear_sessions():
    """The sessions that are over: their cookies are worth nothing any more."""
    call_command("clearsessions")


@shared_task
def read_rosters():
    """The uploaded rosters that were too big to be read while somebody waits."""
    rosters.prepare_due(at=timezone.now())


@shared_task
def apply_rosters():
    applying.work_due(at=timezone.now(), limit=ROSTER_BATCH)


@shared_task
def discard_old_rosters():
    rosters.discard_old(at=timezone.now(), limit=BATCH)


@shared_task
def send_invitations():
    invitations.send_due(at=timezone.now(), limit=BATCH)
