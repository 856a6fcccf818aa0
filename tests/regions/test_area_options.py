import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories.regions import (
    make_city,
    make_county,
    make_own_authority,
)

pytestmark = pytest.mark.django_db

URL = reverse("regions:areas")
HTMX = {"HX-Request": "true"}


class TestOptions:
    url = reverse("regions:options")

    def test_a_province_brings_its_postal_cities_and_empties_the_counties(self, client):
        make_own_authority()
        make_city("370200", "青岛市")
        make_county()

        response = client.get(self.url, {"province": "370000"})

        assertContains(response, '<option value="370200">青岛市</option>')
        assertNotContains(response, "379900")
        assertNotContains(response, "历下区")
        assertContains(response, 'hx-swap-oob="innerHTML:#id_county"')

    def test_a_municipality_brings_its_counties_at_once(self, client):
        city = make_city("110000", "北京市", province_name="北京市", is_municipality=True)
        make_county("110101", "东城区", city=city)

        response = client.get(self.url, {"province": "110000"})

        assertContains(response, '<option value="110000" selected>北京市</option>')
        assertContains(response, '<option value="110101">东城区</option>')

    def test_a_city_brings_its_counties_only(self, client):
        make_county()

        response = client.get(self.url, {"city": "370100"})

        assertContains(response, '<option value="370102">历下区</option>')
        assertNotContains(response, "济南市")
        assertNotContains(response, "hx-swap-oob")

    def test_a_city_without_counties_says_that_none_is_needed(self, client):
        make_city("441900", "东莞市", province_name="广东省")

        assertContains(client.get(self.url, {"city": "441900"}), "不分区县，不用选")

    @pytest.mark.parametrize(
        "query", [{}, {"province": ""}, {"province": "\x00"}, {"city": "999999"}, {"city": "x"}]
    )
    def test_a_wrong_code_brings_only_the_empty_choice(self, client, query):
        make_county()

        response = client.get(self.url, query)

        assert response.status_code == 200
        assertNotContains(response, "历下区")
        assertContains(response, '<option value="" selected>')
