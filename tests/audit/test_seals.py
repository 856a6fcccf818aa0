"""The seals at the desk: heads, checks and copies, for auditors."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.audit import seals as pages
from apps.desk import roles
from apps.seals import checkpoints, services, tasks
from apps.seals.checking import Verdict
from apps.seals.enums import CopyChannel
from apps.seals.models import HeadCopy, TreeHead
from tests.audit.steps import event, text
from tests.factories.cards import AT
from tests.factories.people import make_colleague

pytestmark = pytest.mark.django_db
SEALS = reverse("admin:events_event_seals")


def test_heads_are_listed_with_the_key_and_can_be_kept_elsewhere(auditor):
    assert "还没有存证" in text(auditor.get(SEALS))
    event()
    services.seal(at=AT)
    head = TreeHead.objects.get()
    html = text(auditor.get(SEALS))
    assert head.root_hex in html
    assert str(checkpoints.own_key()) in html
    note = text(auditor.get(reverse("admin:events_event_seals_head", args=[head.number])))
    assert checkpoints.opened(note, [checkpoints.own_key()]) == head.checkpoint


def test_the_last_check_and_the_copies_are_told(auditor):
    event()
    services.seal(at=AT)
    assert "没有设任何副本" in text(auditor.get(SEALS))
    tasks.check_seals()
    assert "全部相符" in text(auditor.get(SEALS))
    services.record_check(
        verdict=Verdict(heads=1, leaves=1, findings=["办理记录 #7 没有了"]), at=AT
    )
    HeadCopy.objects.create(
        channel=CopyChannel.FILE,
        target="/srv/heads.txt",
        tries=3,
        last_error="file: No space left on device",
        next_try_at=AT,
    )
    html = text(auditor.get(SEALS))
    assert "有不符" in html
    assert "办理记录 #7 没有了" in html
    assert "已试 3 次" in html


def test_older_heads_stand_on_further_pages(auditor, monkeypatch):
    monkeypatch.setattr(pages, "SHOWN", 2)
    for number in range(3):
        event()
        services.seal(at=AT + timedelta(minutes=number))
    html = text(auditor.get(SEALS))
    assert "?before=2" in html
    assert "树头 1<" not in html
    assert "树头 1<" in text(auditor.get(SEALS, {"before": 2}))
    assert "树头 3<" in text(auditor.get(SEALS, {"before": "x"}))


def test_an_event_says_in_which_head_it_is_sealed(auditor):
    address = reverse("admin:events_event_change", args=[event().pk])
    assert "将在一分钟内存证" in text(auditor.get(address))
    services.seal(at=AT)
    assert "树头 1，" in text(auditor.get(address))


@pytest.mark.parametrize("role", [roles.REVIEWER, roles.SUPERVISOR, roles.ADMINISTRATOR])
def test_the_seals_are_for_auditors(client, role):
    client.force_login(make_colleague(role))
    assert client.get(SEALS).status_code == 403
    assert client.get(reverse("admin:events_event_seals_head", args=[1])).status_code == 403
