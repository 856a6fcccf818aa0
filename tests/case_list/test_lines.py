"""The lines of the list are kept by what they say, and by nothing else."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from apps.cards.enums import RequestStatus
from apps.case_list import lines
from apps.common import kept_html
from apps.common.templatetags import formats
from apps.desk.claims.services import claim, release
from apps.people.models import Holder
from tests.factories.cards import AT, make_request
from tests.factories.people import make_reviewer

pytestmark = pytest.mark.django_db

LIST = reverse("admin:cards_cardrequest_changelist")


def line(client):
    html = client.get(LIST).content.decode()
    return html[html.index("<tbody") : html.index("</tbody>")]


def test_a_line_says_what_is_so_now(desk, reviewer, django_user_model):
    card_request, at = make_request(RequestStatus.ACCEPTED), timezone.now()
    assert "领办" in line(desk)
    colleague = make_reviewer()
    claim(subject=card_request, by=colleague, at=at)
    assert f"工号 {colleague.employee_number}，" in line(desk)
    release(subject=card_request, by=colleague, at=at)
    assert f"工号 {colleague.employee_number}，" not in line(desk)
    Holder.objects.filter(pk=card_request.holder_id).update(department="力学系")
    assert "力学系" in line(desk)


def test_a_line_of_last_year_says_so(desk, monkeypatch):
    def in_year(number):
        for module in (formats, lines):
            monkeypatch.setattr(module, "this_year", lambda: number)

    make_request(RequestStatus.ACCEPTED, at=AT)
    in_year(2026)
    assert "2026年" not in line(desk)
    in_year(2027)
    assert "自 2026年11月" in strip_tags(line(desk))


def test_what_puts_a_line_into_words_asks_the_database_for_nothing(
    desk, django_assert_num_queries, monkeypatch
):
    make_request(RequestStatus.ACCEPTED)
    kept = []
    monkeypatch.setattr(lines._DRAWN, "_kept", lambda **values: kept.append(values) or "")
    desk.get(LIST)
    with django_assert_num_queries(0):
        for values in kept:
            assert lines._DRAWN._words(**values)["line"].reference == values["facts"].reference


def test_a_form_has_the_token_of_its_reader(desk, client):
    make_request(RequestStatus.ACCEPTED)
    line(desk)
    found = line(desk)
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', found)
    assert len(token) == 64
    assert kept_html.MARK not in found


def test_what_is_kept_names_nothing_but_the_line():
    text = Path(settings.BASE_DIR, "templates/case_list/row.html").read_text("utf-8")
    read = re.findall(r"{{\s*([\w.]+)|{%\s*(?:if|elif|with) (?:not )?([\w.]+)", text)
    named = {(one or other).split(".")[0] for one, other in read}
    assert named == {"line", "trail", "label", "text", "class"}
    fields = set(re.findall(r"line\.(\w+)", text))
    assert fields == set(lines.Line._fields)
