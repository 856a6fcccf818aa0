import pytest
from django.urls import reverse
from django.test import Client
from tests.factories.people import make_holder, PASSWORD

pytestmark = pytest.mark.django_db


def test_x(db):
    holder = make_holder()
    client = Client(enforce_csrf_checks=True)
    client.force_login(holder.user)
    url = reverse("children:register")
    html = client.get(url).content.decode()
    token = html.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    from django.contrib.sessions.models import Session
    Session.objects.all().delete()
    r = client.post(url, {"csrfmiddlewaretoken": token, "name": "王小乐", "id_number": "123", "relation": "FATHER_SON", "consent": "on"})
    print(r.status_code, r.headers)
    page = client.get(r["Location"]).content.decode()
    print(page[page.index("sign-in"):][:1500])
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    r = client.post(reverse("account_login"), {"csrfmiddlewaretoken": token, "login": holder.user.employee_number, "password": PASSWORD, "next": url})
    print(r.status_code, r["Location"])
    page = client.get(r["Location"]).content.decode()
    print(page[page.index('class="content"'):])
