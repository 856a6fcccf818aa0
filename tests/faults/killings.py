"""A portal of its own whose workers are killed again and again, while somebody uses it.

`main` runs in a process of its own, with SBK_VAR_DIR naming an empty folder. Tasks run in
processes forked from this one, as Celery's pool does it; each gets SIGKILL at a moment drawn at
random. The clock goes on by more than the longest lease after every kill, so that what was taken
by the dead is due again. Prints what it found as JSON.
"""

import json
import os
import random
import select
import signal
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import close_old_connections, connections
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from apps.bureau.adapters import report_file
from apps.bureau.models import BureauReport, ProductionOrder
from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.common import integrity
from apps.desk import roles
from apps.events.models import Event
from apps.exports import services as exports
from apps.exports.enums import ExportFormat
from apps.exports.models import Export
from apps.review.filters import RequestFilter
from apps.roster import applying
from apps.roster import services as rosters
from apps.roster.enums import RosterStatus
from apps.roster.models import RosterUpload
from sbk_portal.celery import app
from tests.factories.bureau import made, put_report
from tests.factories.cards import COMPLETE, make_request
from tests.factories.people import PASSWORD, make_colleague, make_holder
from tests.factories.rosters import line, text
from tests.journeys.steps import photo
from tests.soundness import UNTRUE_OF_FACTORIES

# Nobody seals the book here, and the clock has gone on.
UNSEALED = "办理记录都按时存证"
KILLS = 20
STEP = timedelta(minutes=45)  # longer than any lease
ROUND = 16  # requests and rows that each round has work for
SLOWEST = 3  # seconds of an answer in the middle: the machine is busy with the others

ACCEPT = "apps.requests.tasks.accept_paid_requests"
BUREAU = "apps.bureau.tasks.advance_production"
EXPORT = "apps.exports.tasks.write_exports"
READ, APPLY = "apps.roster.tasks.read_rosters", "apps.roster.tasks.apply_rosters"
NOTICES = "apps.notices.tasks.send_notices"
COUNT = "apps.reporting.tasks.count_events"
FORGET = "apps.requests.tasks.forget"
ORDER = [BUREAU, EXPORT, APPLY, ACCEPT]


class Clock:
    """What `timezone.now` says from now on: the true time and what was put forward."""

    def __init__(self):
        self.ahead, self.true_now = timedelta(), timezone.now
        timezone.now = lambda: self.true_now() + self.ahead


def main(seed):
    chance, clock = random.Random(seed), Clock()  # noqa: S311 (no secret)
    prepare()
    world = World()
    hits = Counter()
    with somebody_using_the_portal(world.person) as said:
        for number in range(KILLS):
            name = ORDER[number % len(ORDER)]
            world.more_work()
            hits[name] += kill_in(name, after=chance.uniform(0.002, 0.2))
            clock.ahead += STEP
    for _ in range(8):
        clock.ahead += STEP
        world.play_bureau()
        for name in (ACCEPT, BUREAU, READ, APPLY, EXPORT, NOTICES, COUNT, FORGET):
            app.tasks[name]()
    print(json.dumps({"hits": hits, "person": said, **world.findings()}))


def prepare():
    settings.CARD_BUREAU = "apps.bureau.adapters.files.FilesBureau"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["testserver"]
    app.loader.import_default_modules()  # every task is known
    call_command("migrate", verbosity=0)
    call_command("load_regions", verbosity=0)
    default_storage.save(COMPLETE["portrait"], ContentFile(photo()))


# --- Killing


def kill_in(name, *, after):
    """Run the task in a process of its own, and kill that `after` seconds. Whether it was at it."""
    read_end, write_end = os.pipe()
    child = fork(lambda: run_task(name, write_end))
    os.close(write_end)
    os.read(read_end, 1)  # it begins
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(read_end, "rb") as rest:
        said = rest.read()
    assert said in (b"", b"ended"), said.decode()
    return not said


def run_task(name, write_end):
    os.write(write_end, b"b")
    try:
        app.tasks[name]()
    except Exception:
        os.write(write_end, traceback.format_exc().encode())
    else:
        os.write(write_end, b"ended")
    time.sleep(60)  # until it is killed


def fork(do):
    """The process id of a copy of this process that does this and nothing else."""
    connections.close_all()
    if child := os.fork():
        return child
    try:
        do()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


# --- A person


@contextmanager
def somebody_using_the_portal(user):
    """Signs in, looks and signs out all the time. Gives what was answered, filled in at the end."""
    read_end, write_end = os.pipe()
    stop_read, stop_write = os.pipe()
    child = fork(lambda: use(user, stop_read, write_end))
    os.close(write_end)
    said = {}
    try:
        yield said
    finally:
        os.write(stop_write, b"x")
        with os.fdopen(read_end) as answers:
            said |= json.loads(answers.read() or "{}")
        os.waitpid(child, 0)


def use(user, stop_read, write_end):
    answers, seconds = Counter(), []
    while not select.select([stop_read], [], [], 0.05)[0]:
        client, began = Client(), time.monotonic()
        credentials = {"login": user.employee_number, "password": PASSWORD}
        for status in (
            client.post("/accounts/login/", credentials).status_code,
            client.get("/").status_code,
            client.get("/progress/").status_code,
        ):
            answers[status] += 1
            seconds.append(time.monotonic() - began)
            began = time.monotonic()
        close_old_connections()
    os.write(write_end, json.dumps({"answers": answers, "seconds": median(seconds)}).encode())


# --- Work


class World:
    def __init__(self):
        self.hr = make_colleague(roles.SUPERVISOR)
        self.person = make_holder().user
        self.staff = [make_holder() for _ in range(ROUND)]
        self.rounds = 0
        self.reported = set()  # orders of which a report file was put in

    def more_work(self):
        """For every task: something that is due."""
        self.rounds += 1
        for _ in range(3):
            make_request(RequestStatus.PAID)
        for _ in range(ROUND // 4):
            make_request(RequestStatus.APPROVED)
        self.play_bureau()
        self._order_export()
        self._upload_roster()

    def play_bureau(self):
        """Report the cards of all orders that have been handed over."""
        at = timezone.now()
        folder = Path(settings.BUREAU_IN_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        handed_over = {path.name for path in Path(settings.BUREAU_OUT_DIR).glob("*")}
        orders = ProductionOrder.objects.live().exclude(pk__in=self.reported)
        orders = [
            order
            for order in orders.select_related("batch").order_by("pk")
            if order.batch.reference in handed_over
        ]
        said = [made(order, card_number=f"A{order.pk:08d}", at=at) for order in orders]
        if said:
            put_report(folder, f"{len(self.reported)}.csv", report_file.write(said), at=at)
        self.reported |= {order.pk for order in orders}

    def _order_export(self):
        form = RequestFilter(QueryDict("stage=all"))
        assert form.is_valid()
        if Export.objects.in_flight().filter(by=self.hr).count() < settings.EXPORTS_IN_FLIGHT:
            exports.order(
                form=form,
                format=ExportFormat.XLSX,
                is_full=False,
                reason="",
                by=self.hr,
                at=timezone.now(),
            )

    def _upload_roster(self):
        at = timezone.now()
        rows = [line(holder, department=f"第{self.rounds}系") for holder in self.staff]
        upload, _ = rosters.take_in(
            content=text(*rows).encode(), is_complete=False, by=self.hr, at=at
        )
        rosters.prepare_at_once(upload=upload, at=at)
        upload.refresh_from_db()
        if upload.status == RosterStatus.READ:
            applying.apply(upload=upload, typed_count=None, by=self.hr, at=at)

    def findings(self):
        at = timezone.now()
        broken = integrity.verify(at=at)
        broken.pop(UNSEALED, None)
        for rule in UNTRUE_OF_FACTORIES:
            broken.pop(rule, None)
        of_requests = Event.objects.of_kind(CardRequest.lifecycle).filter(
            action__in=(RequestAction.ACCEPT, RequestAction.PRODUCE)
        )
        return {
            "broken": broken,
            "doubled": [
                key
                for key, count in Counter(of_requests.values_list("action", "subject_id")).items()
                if count > 1
            ],
            "still paid": CardRequest.objects.filter(status=RequestStatus.PAID).count(),
            "still approved": CardRequest.objects.filter(status=RequestStatus.APPROVED).count(),
            "cards": Card.objects.count(),
            "requests with a card": CardRequest.objects.filter(
                status=RequestStatus.PRODUCED
            ).count(),
            "reports open": BureauReport.objects.open().count(),
            "files left": len(list(Path(settings.BUREAU_IN_DIR).glob("*.csv"))),
            "exports": dict(Counter(Export.objects.values_list("status", flat=True))),
            "rosters": dict(Counter(RosterUpload.objects.values_list("status", flat=True))),
        }
