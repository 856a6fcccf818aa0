"""The contact sheet: what it shows, what counts as shown, and what can be approved from it."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from apps.bulk import services
from apps.bulk.contact_sheet import pictures
from apps.bulk.enums import BulkOutcome
from apps.bulk.models import BulkRun, ContactSheet
from apps.bulk.tasks import forget_dry_runs, work_off_bulk_runs
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.desk.claims import services as claims
from apps.desk.event_kinds import REQUEST
from apps.events.models import Event
from apps.people.models import Holder
from apps.requests.models import Particulars
from tests.bulk.steps import show
from tests.ended_sessions import Person, to_fill_in
from tests.factories.cards import AT, make_calm, make_request
from tests.factories.people import make_holder, make_reviewer
from tests.journeys import forms
from tests.review.steps import resubmit

pytestmark = pytest.mark.django_db

SHEET = reverse("admin:bulk_bulkrun_sheet")
UNSEEN = "您还没有在「看照片」里看过这件的照片，请先看照片再批量通过。"


def calm(**options):
    return make_calm(at=timezone.now() - timedelta(hours=1), **options)


def page_of(row, name):
    return reverse(f"admin:bulk_bulkrun_{name}", args=[row.reference])


def opened(desk, query="", *, is_loaded=True):
    """The context of the sheet, after its pictures were loaded."""
    context = desk.get(f"{SHEET}{query}").context
    if is_loaded:
        assert desk.get(page_of(context["sheet"], "pictures"))["Content-Type"] == "image/jpeg"
    return context


def approve(desk, sheet, *marked, after=""):
    data = {"marked": [row.reference for row in marked], "after": after}
    return desk.post(page_of(sheet, "approve_sheet"), data, follow=True)


def status(card_request):
    return CardRequest.objects.get(pk=card_request.pk).status


def test_the_marked_ones_are_approved_and_the_others_stay(desk):
    first, second, left = calm(), calm(), calm()
    sheet = opened(desk)["sheet"]
    page = approve(desk, sheet, first, second)
    work_off_bulk_runs()
    assert [status(row) for row in (first, second, left)] == ["APPROVED", "APPROVED", "ACCEPTED"]
    assert "上一屏：通过 2 件" in page.content.decode()


def test_what_was_not_shown_is_not_approved(desk):
    card_request = calm()
    sheet = opened(desk, is_loaded=False)["sheet"]
    page = approve(desk, sheet, card_request)
    assert "这一批没有可以办理的申请。" in page.content.decode()
    assert not BulkRun.objects.exists()
    assert status(card_request) == RequestStatus.ACCEPTED


def test_what_a_colleague_was_shown_was_not_shown_to_me(reviewer):
    card_request, other = make_calm(), make_reviewer()
    show(card_request, by=other)
    rows = CardRequest.objects.filter(pk=card_request.pk)
    run = services.prepare(
        requests=list(rows), action="APPROVE", what={}, chosen="", by=reviewer, at=AT
    )
    assert [(row.outcome, row.reason) for row in run.rows.all()] == [(BulkOutcome.LEFT_OUT, UNSEEN)]


def test_a_request_that_changed_since_has_to_be_looked_at_again(reviewer):
    card_request = make_calm()
    show(card_request, by=reviewer)
    resubmit(card_request, at=AT + timedelta(hours=3))
    rows = list(CardRequest.objects.filter(pk=card_request.pk))
    later = AT + timedelta(hours=6)
    run = services.prepare(
        requests=rows, action="APPROVE", what={}, chosen="", by=reviewer, at=later
    )
    # The risk of the change is said first; either way it stays out.
    assert run.rows.get().outcome == BulkOutcome.LEFT_OUT


def test_what_stands_on_no_sheet_of_mine_cannot_be_marked(desk, reviewer):
    on_it = calm()
    sheet = opened(desk)["sheet"]
    beside = calm()
    approve(desk, sheet, on_it, beside)
    assert [row.card_request for row in BulkRun.objects.get().rows.all()] == [on_it]
    of_other = show(beside, by=make_reviewer(), at=timezone.now())
    assert desk.get(page_of(of_other, "pictures")).status_code == 404
    assert desk.post(page_of(of_other, "approve_sheet"), {}).status_code == 404


def test_loading_the_pictures_is_a_look_at_each_once(desk, reviewer):
    first, second = calm(), calm()
    sheet = opened(desk)["sheet"]
    desk.get(page_of(sheet, "pictures"))
    looks = Event.objects.of_kind(REQUEST).filter(by=reviewer, action="LOOK")
    assert sorted(look.subject_id for look in looks) == [first.pk, second.pk]
    assert {look.facts["what"] for look in looks} == {"照片小样：电子照片、人事照片"}


def test_a_cell_says_who_it_is_what_was_measured_and_how_like(desk):
    calm(holder=make_holder(name="欧阳娜娜", department="化学学院"))
    page = desk.get(SHEET).content.decode()
    number = CardRequest.objects.get().applicant.employee_number
    assert "欧阳娜娜" in page
    assert f"{number} · 化学学院" in page


def test_a_doubtful_one_stands_there_without_a_box(desk):
    risky = make_request(RequestStatus.ACCEPTED, at=timezone.now() - timedelta(hours=1))
    (cell,) = opened(desk)["cells"]
    page = desk.get(SHEET).content.decode()
    assert cell.why_not
    assert "名册没有照片" in page
    assert f'value="{risky.reference}"' not in page


def test_the_screens_follow_the_list_and_leave_out_what_others_hold(desk, monkeypatch):
    monkeypatch.setattr("apps.bulk.contact_sheet.lists.SIZE", 2)
    rows = [calm(holder=make_holder(department="化学学院")) for _ in range(3)]
    calm()
    first = opened(desk, "?department=化学学院")
    second = opened(desk, f"?{first['following']}")
    shown = [cell.card_request for context in (first, second) for cell in context["cells"]]
    assert shown == rows
    assert second["following"] == ""


def test_what_was_marked_stands_on_no_sheet_while_the_worker_is_at_it(desk):
    marked, left = calm(), calm()
    approve(desk, opened(desk)["sheet"], marked)
    assert [cell.card_request for cell in opened(desk)["cells"]] == [left]
    work_off_bulk_runs()
    assert status(marked) == RequestStatus.APPROVED
    assert [cell.card_request for cell in opened(desk)["cells"]] == [left]


def test_a_sheet_costs_the_same_with_two_and_with_ten(desk, django_assert_max_num_queries):
    for _ in range(2):
        calm()
    with django_assert_max_num_queries(30) as small:
        opened(desk)
    for _ in range(8):
        calm()
    with django_assert_max_num_queries(30) as large:
        opened(desk)
    assert len(large) == len(small)


def test_a_portrait_by_the_unit_is_named_as_one(desk):
    _, unit = calm(), calm()
    Particulars.objects.filter(card_request=unit).update(portrait_offered_at=AT)
    html = desk.get(SHEET).content.decode()
    assert html.count("，单位拍的") == 1


def test_old_sheets_are_forgotten_and_the_looks_stay(reviewer):
    show(make_calm(), by=reviewer, at=timezone.now() - timedelta(days=8))
    show(make_calm(), by=reviewer, at=timezone.now())
    forget_dry_runs()
    assert ContactSheet.objects.count() == 1
    assert Event.objects.of_kind(REQUEST).filter(action="LOOK").count() == 2


def test_the_strip_has_a_place_for_each_and_leaves_out_what_cannot_be_read():
    content = io.BytesIO()
    Image.new("RGB", (358, 441), "red").save(content, "JPEG")
    name = default_storage.save("portrait/red.jpg", ContentFile(content.getvalue()))
    holder = Holder(reference_photo=name)
    broken = Holder(reference_photo=default_storage.save("portrait/x.jpg", ContentFile(b"no")))
    strip = pictures.strip(
        [(holder.reference_photo, None), (broken.reference_photo, holder.reference_photo)]
    )
    with Image.open(io.BytesIO(strip)) as image:
        assert image.size == (2 * pictures.WIDTH, 2 * pictures.HEIGHT)
        red, empty, unreadable, second = (
            image.getpixel(place) for place in ((90, 100), (270, 100), (90, 320), (270, 320))
        )
    assert red[0] > 200 > red[1]
    assert second[0] > 200 > second[1]
    assert min(*empty, *unreadable) > 220


def test_a_held_case_stays_out(desk, reviewer):
    held = calm()
    sheet = opened(desk)["sheet"]
    claims.claim(subject=held, by=make_reviewer(), at=timezone.now())
    approve(desk, sheet, held)
    assert status(held) == RequestStatus.ACCEPTED


def boxes_of(page):
    """Reference → whether it is ticked, of the boxes on the sheet."""
    boxes = [node for node in page.nodes("input") if node.get("name") == "marked"]
    return {box.get("value"): box.has("checked") for box in boxes}


def test_what_was_taken_out_stays_out_when_the_session_ends(reviewer):
    kept, out, gone = calm(), calm(), calm()
    person = Person(reviewer)
    address = f"{SHEET}?kind=FIRST"
    ((action, controls),) = to_fill_in(person.open(address), address).items()
    offered = [one.get("value") for one in controls if one.get("name") == "offered"]
    assert set(offered) == {kept.reference, out.reference, gone.reference}
    sent = forms.sent_by(controls) | {"offered": offered}
    sent["marked"] = [kept.reference, gone.reference]
    sign_in = person.send_too_late(action, sent, at=address)
    claims.claim(subject=gone, by=make_reviewer(), at=timezone.now())
    new = calm()
    page = person.come_back(sign_in)
    assert boxes_of(page) == {kept.reference: True, out.reference: False, new.reference: True}
    assert "登录以前剔出的还没有勾选：第 2 件。" in page.text
    assert "通过勾选的 2 件" in page.text
    assert status(kept) == RequestStatus.ACCEPTED  # nothing is sent by itself


def test_my_own_is_on_no_sheet_of_mine(desk, reviewer):
    make_calm(holder=make_holder(user=reviewer))
    assert opened(desk, is_loaded=False)["cells"] == []
