"""Who hears of a new phone and of a new password."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.notices.models import OutboxMessage
from apps.people.services import enter_staff_member
from tests.factories.people import MOMENT, PASSWORD, make_holder, make_reviewer
from tests.telling import tell, texts_for

pytestmark = pytest.mark.django_db


def test_a_new_phone_is_told_to_the_old_number_too():
    holder = make_holder(phone="13800001234")
    entry = {"employee_number": holder.user.employee_number, "id_number": holder.id_number}
    new = {"phone": "13900005678"}
    enter_staff_member(**entry, particulars=new, by=make_reviewer(), at=MOMENT)
    tell(MOMENT)
    sent = OutboxMessage.objects.all()
    assert {sms.recipient for sms in sent} == {"13800001234", "13900005678"}
    assert all("手机号已变更" in sms.text for sms in sent)


def test_a_new_password_is_told(client):
    user = make_holder().user
    client.force_login(user)
    new = PASSWORD + "-2"
    posted = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), posted)
    tell(timezone.now())
    assert any("密码已修改" in text for text in texts_for(user))
