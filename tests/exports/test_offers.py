"""What the page of an export offers and says, in each of its statuses."""

import pytest

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.desk.event_kinds import FileAction
from apps.exports import wording, working
from apps.exports.enums import ExportAction, ExportStatus
from apps.exports.offers import offers
from apps.exports.wording import sentence
from tests.exports.steps import LATER, exported, order
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def request_to_export(db):
    return make_request(RequestStatus.ACCEPTED)


def actions(export, by, *, at=LATER):
    return [offer.action for offer in offers(export, by=by, at=at).open]


def test_nothing_is_offered_while_the_file_is_written(reviewer):
    export = order(reviewer)
    assert offers(export, by=reviewer, at=LATER) == []
    assert sentence(export, at=LATER) == "排队中，通常几秒后开始。"
    export = working.lease_next(at=LATER)
    assert offers(export, by=reviewer, at=LATER) == []
    assert sentence(export, at=LATER) == "已写 0 件，共约 1 件。"


def test_the_file_is_for_whoever_ordered_it_and_goes_by_the_clock(reviewer, settings):
    export = exported(reviewer)
    assert actions(export, reviewer) == [FileAction.FETCH]
    [closed] = offers(export, by=make_colleague(roles.AUDITOR), at=LATER)
    assert closed.why_not == "只有导出人本人可以下载。"
    over = LATER + settings.EXPORT_LIFETIME
    assert actions(export, reviewer, at=over) == [ExportAction.ORDER]
    assert "到期删除" in sentence(export, at=over)
    assert offers(export, by=make_reviewer(), at=over) == []


def test_whoever_lost_the_right_to_full_numbers_reads_so_instead_of_a_button(supervisor):
    export = exported(supervisor, is_full=True, reason="与银行核对")
    supervisor.groups.set(make_reviewer().groups.all())
    by = type(supervisor).objects.get(pk=supervisor.pk)
    [fetch] = offers(export, by=by, at=LATER)
    assert "没有导出完整号码的权限" in fetch.why_not


def test_what_failed_says_why_and_is_ordered_again(reviewer):
    order(reviewer, "city=370100")
    export = working.lease_next(at=LATER)
    working.refuse(export=export, error="没有成。", at=LATER)
    export.refresh_from_db()
    assert sentence(export, at=LATER) == "没有成。"
    assert export.status_at(LATER).tone == "bad"
    [again] = offers(export, by=reviewer, at=LATER)
    assert again.url.endswith("?city=370100")


def test_every_status_has_its_sentence():
    assert set(wording.SENTENCES) == set(ExportStatus)
