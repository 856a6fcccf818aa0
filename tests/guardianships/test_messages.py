"""Who hears of the decisions on a guardianship and of its end."""

from datetime import timedelta

import pytest

from apps.common.deadlines import Deadline
from apps.guardianships import services as guardianships
from tests.factories.people import (
    MOMENT,
    make_holder,
    make_registration,
    make_reviewer,
    make_ward,
)
from tests.telling import tell, texts_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("decision", "words"), [("confirm", "已确认"), ("refuse", "没有通过")])
def test_only_the_guardian_who_registered_hears_of_the_decision(decision, words):
    mother, father = make_holder(sex="2"), make_holder()
    ward = make_ward(father)
    tell(MOMENT)
    before = texts_for(father.user)
    guardianship = make_registration(mother, id_number=ward.id_number, name=ward.name)
    reason = {"reason": "看不清"} if decision == "refuse" else {}
    getattr(guardianships, decision)(
        guardianship=guardianship, by=make_reviewer(), at=MOMENT, **reason
    )
    tell(MOMENT)
    (text,) = texts_for(mother.user)
    assert words in text
    assert texts_for(father.user) == before


def test_a_decision_says_of_which_child_it_is():
    """By the name that this guardian registered; the other one may have given another."""
    father, mother = make_holder(), make_holder(sex="2")
    one = make_registration(father, name="李宁")
    make_registration(mother, id_number=one.ward.id_number, name="李寍")
    twins = [make_registration(father, name=name) for name in ("张乐", "王乐")]
    for each in (one, *twins):
        guardianships.confirm(guardianship=each, by=make_reviewer(), at=MOMENT)
    theirs = make_registration(father, name="赵丙")
    guardianships.refuse(guardianship=theirs, reason="看不清", by=make_reviewer(), at=MOMENT)
    tell(MOMENT)
    texts = texts_for(father.user)
    ends = [each.ward.id_number[-4:] for each in twins]
    for named in ("*宁", *(f"*乐（身份证尾号 {end}）" for end in ends)):
        assert any(text.startswith(f"您登记的子女 {named} 已确认。") for text in texts), named
    assert any(text.startswith("您登记的子女 *丙 没有通过。") for text in texts)


def test_the_end_is_told_to_the_guardian():
    guardian = make_holder()
    ward = make_ward(guardian)
    tell(MOMENT)
    at = ward.own_from_at + timedelta(minutes=1)
    guardianships.end_due(at=at, deadline=Deadline(60))
    tell(at)
    assert any("代办已结束" in text for text in texts_for(guardian.user))
