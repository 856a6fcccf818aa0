"""人员更正 at the desk: proposed on one page, decided on another."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.desk import roles
from apps.person_changes import preview
from apps.person_changes.enums import PersonChangeKind, PersonChangeStatus
from apps.person_changes.models import PersonChange
from tests.factories.people import make_colleague, make_holder, make_id_number, make_reviewer
from tests.person_changes.test_numbers import propose

pytestmark = pytest.mark.django_db
LIST = reverse("admin:person_changes_personchange_changelist")
NEW = reverse("admin:person_changes_personchange_propose")
FILLED = {
    "kind": PersonChangeKind.ID_NUMBER,
    "evidence_kind": "ID_CARD",
    "evidence": "本人带来",
    "reason": "名册录错",
}


def page_of(change, name="change"):
    return reverse(f"admin:person_changes_personchange_{name}", args=[change.reference])


def test_a_reviewer_sees_who_it_is_and_proposes(client):
    holder, new = make_holder(), make_id_number()
    filled = FILLED | {"holder": holder.user.employee_number, "new_number": new}
    client.force_login(make_reviewer())
    page = client.post(NEW, filled).content.decode()
    assert holder.reference in page
    assert holder.id_number not in page
    assert not PersonChange.objects.exists()
    answer = client.post(NEW, filled | {"propose": "1"}, follow=True)
    change = PersonChange.objects.get()
    assert change.holder == holder
    assert change.get_kind_display() in answer.content.decode()
    assert new not in answer.content.decode()
    assert "确认更正" not in answer.content.decode()


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(client):
    holder, other = make_holder(), make_holder()
    filled = FILLED | {"holder": holder.id_number, "new_number": other.id_number}
    client.force_login(make_reviewer())
    answer = client.post(NEW, filled | {"propose": "1"})
    assert "合并两条记录" in str(answer.context["form"].errors["new_number"])
    assert other.id_number in answer.content.decode()


def test_unknown_people_and_missing_numbers_are_said(client):
    client.force_login(make_reviewer())
    answer = client.post(NEW, FILLED | {"holder": "nobody", "propose": "1"})
    assert {"holder", "new_number"} <= answer.context["form"].errors.keys()
    answer = client.post(NEW, {"kind": "MERGE", "holder": "", "propose": "1"})
    assert {"holder", "other", "evidence", "reason"} <= answer.context["form"].errors.keys()
    assert client.post(NEW, {"propose": "1"}).status_code == 200


def test_a_second_person_confirms_with_the_number_typed_again(client):
    holder, new = make_holder(), make_id_number()
    change = propose(PersonChangeKind.ID_NUMBER, holder, new, at=_now())
    client.force_login(make_colleague(roles.SUPERVISOR))
    assert "确认更正" in client.get(page_of(change)).content.decode()
    wrong = client.post(page_of(change, "confirm"), {"confirm-typed_number": "1"})
    assert "与提出的人填写的不一样" in wrong.content.decode()
    client.post(page_of(change, "confirm"), {"confirm-typed_number": new})
    holder.refresh_from_db()
    assert holder.id_number == new
    assert PersonChangeStatus.DONE.label in client.get(page_of(change)).content.decode()


def test_declining_needs_a_reason(client):
    change = propose(PersonChangeKind.EMPLOYEE_NUMBER, make_holder(), "D1", at=_now())
    client.force_login(make_colleague(roles.SUPERVISOR))
    answer = client.post(page_of(change, "decline"), {"decline-reason": ""})
    assert "请写明为什么不更正" in answer.content.decode()
    client.post(page_of(change, "decline"), {"decline-reason": "没有原件"})
    change.refresh_from_db()
    assert change.status == PersonChangeStatus.DECLINED


def test_the_proposer_takes_it_back_on_its_page(client):
    by = make_colleague(roles.SUPERVISOR)
    change = propose(PersonChangeKind.EMPLOYEE_NUMBER, make_holder(), "D1", by=by, at=_now())
    client.force_login(by)
    page = client.get(page_of(change)).content.decode()
    assert "收回" in page
    assert "确认更正" not in page
    client.post(page_of(change, "withdraw"))
    change.refresh_from_db()
    assert change.status == PersonChangeStatus.WITHDRAWN


def test_what_stands_in_the_way_is_said_before_somebody_confirms(client):
    number = make_id_number()
    change = propose(PersonChangeKind.ID_NUMBER, make_holder(), number, at=_now())
    make_holder(id_number=number)
    client.force_login(make_colleague(roles.SUPERVISOR))
    page = client.get(page_of(change)).content.decode()
    assert "这个号码已登记给另一条记录" in page
    assert page_of(change, "confirm") not in page
    assert page_of(change, "decline") in page


def test_nobody_is_offered_a_decision_about_themselves(client):
    supervisor = make_colleague(roles.SUPERVISOR)
    holder = make_holder(user=supervisor)
    change = propose(PersonChangeKind.ID_NUMBER, holder, make_id_number(), at=_now())
    client.force_login(supervisor)
    page = client.get(page_of(change)).content.decode()
    assert page_of(change, "confirm") not in page
    assert page_of(change, "decline") not in page
    assert preview.why_not_decided(change, by=supervisor) in page


def test_the_list_costs_the_same_with_many(client):
    client.force_login(make_colleague(roles.SUPERVISOR))
    counts = []
    for _ in range(2):
        for _ in range(3):
            propose(PersonChangeKind.ID_NUMBER, make_holder(), make_id_number(), at=_now())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def _now():
    return timezone.now()
