"""CAS, against a server on a port of its own."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.contrib.auth import get_user
from django.urls import reverse
from django_cas_ng.models import SessionTicket

from apps.events.models import Event
from apps.people.event_kinds import ACCOUNT, AccountAction
from apps.people.models import User
from apps.single_sign_on import cas_protocol, services
from apps.single_sign_on.identity import ticket_of
from apps.single_sign_on.tasks import forget_tickets
from tests.factories.people import make_holder, make_user

pytestmark = pytest.mark.django_db
BEGIN = reverse("single_sign_on:cas")


@pytest.fixture
def holder():
    return make_holder()


def begin(client, **query):
    """The service for which CAS is asked to sign somebody in."""
    location = urlsplit(client.get(BEGIN, query)["Location"])
    assert location.path == "/cas/login"
    return parse_qs(location.query)["service"][0]


def back(client, service, ticket):
    there = urlsplit(service)
    return client.get(f"{there.path}?{there.query}&{urlencode({'ticket': ticket})}")


def sign_in(client, cas, holder, *, name="zhang3", **query):
    service = begin(client, **query)
    attributes = [("employeeNumber", holder.user.employee_number)]
    return back(client, service, cas.issue(service, name, attributes))


def is_signed_in(client):
    return get_user(client).is_authenticated


def actions():
    return list(Event.objects.of_kind(ACCOUNT).order_by("pk").values_list("action", flat=True))


def test_the_sign_in_page_leads_there_only_where_it_is_configured(client, db, settings):
    page = reverse("account_login")
    assert BEGIN not in client.get(page).content.decode()
    assert client.get(BEGIN).status_code == 404
    settings.CAS_SERVER_URL = "https://cas.example/cas/"
    assert f'href="{BEGIN}?next=/areas/"' in client.get(page, {"next": "/areas/"}).content.decode()


def test_one_is_signed_in_and_comes_to_where_one_wanted(client, cas, holder):
    answer = sign_in(client, cas, holder, next="/areas/?province=370000")
    assert answer["Location"] == "/areas/?province=370000"
    assert get_user(client) == holder.user
    assert actions() == [AccountAction.SIGN_IN]


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_one_is_never_sent_to_another_site(client, cas, holder, after):
    assert sign_in(client, cas, holder, next=after)["Location"] == reverse("home:home")


@pytest.mark.parametrize("prefix", ["cas:", ""])
@pytest.mark.parametrize("has_group", [True, False])
def test_with_and_without_the_namespace_and_the_group(client, cas, holder, prefix, has_group):
    cas.prefix, cas.has_group = prefix, has_group
    sign_in(client, cas, holder)
    assert get_user(client) == holder.user


def test_one_person_with_several_names_is_one_account(client, cas, holder):
    for name in ("zhang3", "z3@school.example", "2016001"):
        browser = type(client)()
        sign_in(browser, cas, holder, name=name)
        assert get_user(browser) == holder.user
    assert User.objects.count() == 1


def test_without_an_attribute_the_name_is_the_number(client, cas, holder, settings):
    settings.CAS_NUMBER_ATTRIBUTE = ""
    service = begin(client)
    back(client, service, cas.issue(service, holder.user.employee_number.lower()))
    assert get_user(client) == holder.user


def refused(client, cas, attributes, name="zhang3"):
    """The code of the refusal on a page of ours, and its text."""
    before = User.objects.count()
    service = begin(client)
    answer = back(client, service, cas.issue(service, name, attributes))
    assert not is_signed_in(client)
    assert User.objects.count() == before
    assert "回首页" in answer.content.decode() or "再登录一次" in answer.content.decode()
    return answer.status_code, answer.context["refusal"].code


def test_who_is_not_in_the_roster_gets_no_account(client, cas, holder):
    assert refused(client, cas, [("employeeNumber", "T9999999")]) == (403, "unknown")
    assert actions() == [AccountAction.SIGN_IN_FAILED]


def test_who_has_left_is_told_so(client, cas, holder):
    User.objects.filter(pk=holder.user_id).update(is_active=False)
    number = holder.user.employee_number
    assert refused(client, cas, [("employeeNumber", number)]) == (403, "left")


def test_two_numbers_of_two_accounts_are_nobody(client, cas, holder):
    numbers = [holder.user.employee_number, make_user().employee_number]
    attributes = [("employeeNumber", number) for number in numbers]
    assert refused(client, cas, attributes) == (403, "ambiguous")


def test_a_second_number_that_no_account_has_does_not_matter(client, cas, holder):
    service = begin(client)
    numbers = ["T9999999", holder.user.employee_number]
    ticket = cas.issue(service, "zhang3", [("employeeNumber", number) for number in numbers])
    back(client, service, ticket)
    assert get_user(client) == holder.user


@pytest.mark.parametrize("attributes", [[], [("employeeNumber", " ")], [("mail", "a@b.example")]])
def test_without_the_attribute_nobody_is_guessed(client, cas, holder, attributes):
    # The name is that of an account, but names are not what the settings ask for.
    name = holder.user.employee_number
    assert refused(client, cas, attributes, name=name) == (403, "no_number")


def code_of(answer):
    return answer.status_code, answer.context["refusal"].code


def test_a_ticket_that_is_bad_replayed_or_for_another_service_signs_nobody_in(client, cas, holder):
    number = [("employeeNumber", holder.user.employee_number)]
    assert code_of(back(client, begin(client), "ST-forged")) == (403, "not_accepted")
    assert actions() == [AccountAction.SIGN_IN_FAILED]
    service = begin(client)
    elsewhere = cas.issue("https://other.example/", "zhang3", number)
    assert code_of(back(client, service, elsewhere)) == (403, "not_accepted")
    service = begin(client)
    ticket = cas.issue(service, "zhang3", number)
    other = type(client)()
    assert code_of(back(other, service, ticket)) == (403, "too_old")  # of another browser
    back(client, service, ticket)
    assert is_signed_in(client)
    assert code_of(back(type(client)(), begin(other), ticket)) == (403, "too_old")
    assert code_of(back(other, begin(other), ticket)) == (403, "not_accepted")
    assert not is_signed_in(other)


def test_a_ticket_that_nobody_here_asked_for_is_not_even_shown_to_the_server(client, cas, holder):
    """Somebody else's ticket in a link would sign one in as them."""
    mallory = type(client)()
    service = begin(mallory)
    ticket = cas.issue(service, "mallory", [("employeeNumber", holder.user.employee_number)])
    begin(client)
    assert code_of(back(client, service, ticket)) == (403, "too_old")
    assert cas.asked == []


@pytest.mark.parametrize("fault", ["slow", "error", "half", "cut", "page", "redirect", "entities"])
def test_a_server_that_fails_is_a_sentence_and_nobody_is_signed_in(
    client, cas, holder, settings, fault
):
    cas.fault = fault
    settings.SINGLE_SIGN_ON_TIMEOUT = 0.1 if fault == "slow" else 0.5
    answer = sign_in(client, cas, holder)
    assert code_of(answer) == (502, "no_answer")
    assert "没有正常回应" in answer.content.decode()
    assert not is_signed_in(client)


def test_a_server_that_is_away_is_the_same_sentence(client, cas, holder, settings):
    service = begin(client)
    settings.CAS_SERVER_URL = "http://127.0.0.1:9/cas/"
    assert code_of(back(client, service, "ST-1")) == (502, "no_answer")


def logout_request(ticket):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="1">'
        '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">@NOT_USED@</saml:NameID>'
        f"<samlp:SessionIndex>{ticket}</samlp:SessionIndex></samlp:LogoutRequest>"
    )


def test_signing_out_at_the_university_ends_the_session_here(client, cas, holder):
    service = begin(client)
    number = [("employeeNumber", holder.user.employee_number)]
    ticket = cas.issue(service, "zhang3", number)
    back(client, service, ticket)
    elsewhere = type(client)()
    sign_in(elsewhere, cas, holder)
    server = type(client)(enforce_csrf_checks=True)
    there = urlsplit(service)
    for _ in range(2):
        data = {"logoutRequest": logout_request(ticket)}
        assert server.post(f"{there.path}?{there.query}", data).status_code == 204
    assert not is_signed_in(client)
    assert is_signed_in(elsewhere)
    assert actions().count(AccountAction.SINGLE_SIGN_OUT) == 1


def test_who_has_signed_out_here_is_not_signed_out_once_more(client, cas, holder):
    service = begin(client)
    number = [("employeeNumber", holder.user.employee_number)]
    ticket = cas.issue(service, "zhang3", number)
    back(client, service, ticket)
    client.post(reverse("account_logout"))
    client.post(reverse("single_sign_on:cas_back"), {"logoutRequest": logout_request(ticket)})
    assert AccountAction.SINGLE_SIGN_OUT not in actions()
    assert not SessionTicket.objects.exists()


@pytest.mark.parametrize(
    "sent",
    ["", "<", "<a/>", logout_request("ST-unknown"), logout_request(""), "<!DOCTYPE a><a/>"],
)
def test_another_word_of_an_end_ends_nothing(client, cas, holder, sent):
    sign_in(client, cas, holder)
    data = {"logoutRequest": sent}
    assert type(client)().post(reverse("single_sign_on:cas_back"), data).status_code == 204
    assert is_signed_in(client)


BOMB = (
    '<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]>'
    "<samlp:LogoutRequest xmlns:samlp='x'><samlp:SessionIndex>&b;</samlp:SessionIndex>"
    "</samlp:LogoutRequest>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp037"])
def test_a_document_type_is_not_taken_in_any_encoding(encoding):
    head, markup = BOMB.format(encoding=encoding).split("?>", 1)
    first = "utf-16" if encoding == "utf-16" else "ascii"
    body = (head + "?>").encode(first) + markup.encode(encoding.replace("utf-16", "utf-16-le"))
    assert cas_protocol._parse(body) is None
    harmless = body.replace('<!DOCTYPE a [<!ENTITY b "c">]>'.encode(encoding), b"")
    assert encoding != "utf-8" or cas_protocol._parse(harmless.replace(b"&b;", b"b")) is not None


def test_a_ticket_of_the_longest_kind_ends_its_session_too(client, cas, holder):
    service = begin(client)
    ticket = cas.issue(service, "zhang3", [("employeeNumber", holder.user.employee_number)])
    long = "ST-" + "x" * 400
    cas.tickets[long] = cas.tickets.pop(ticket)
    back(client, service, long)
    assert is_signed_in(client)
    type(client)().post(reverse("single_sign_on:cas_back"), {"logoutRequest": logout_request(long)})
    assert not is_signed_in(client)


def test_cas_cannot_name_a_session_that_only_a_signed_token_may_end(client, cas, holder):
    """Whoever knew an issuer and a name could end the sessions of anybody, unsigned."""
    client.force_login(holder.user)
    ticket = ticket_of("oidc:sub", "https://id.example", "zhang3")
    services.note_ticket(ticket=ticket, session_key=client.session.session_key)
    for named in (ticket, "https://id.example\nzhang3"):
        data = {"logoutRequest": logout_request(named)}
        type(client)().post(reverse("single_sign_on:cas_back"), data)
    assert is_signed_in(client)


def test_signing_out_here_says_that_the_university_still_knows_one(client, cas, holder):
    sign_in(client, cas, holder)
    page = client.post(reverse("account_logout"), follow=True)
    assert not is_signed_in(client)
    assert f"{cas.url}/logout?service=" in page.content.decode()


def test_who_came_by_password_is_not_asked_to_leave_the_university(client, cas, holder):
    client.force_login(holder.user)
    assert client.post(reverse("account_logout"))["Location"] == reverse("home:home")


def test_another_person_at_the_same_browser_is_the_one_signed_in(client, cas, holder):
    client.force_login(make_holder().user)
    service = begin(client, again="1")
    number = [("employeeNumber", holder.user.employee_number)]
    back(client, service, cas.issue(service, "zhang3", number, is_fresh=True))
    assert get_user(client) == holder.user


def test_the_tickets_of_ended_sessions_are_forgotten(client, cas, holder):
    sign_in(client, cas, holder)
    elsewhere = type(client)()
    sign_in(elsewhere, cas, holder)
    elsewhere.session.flush()
    forget_tickets()
    assert SessionTicket.objects.get().session_key == client.session.session_key


def test_nothing_that_the_university_tells_is_kept_in_the_session(client, cas, holder):
    service = begin(client)
    told = [("employeeNumber", holder.user.employee_number), ("idCardNo", "37010019800101123X")]
    back(client, service, cas.issue(service, "zhang3", told))
    kept = str(dict(client.session.items()))
    assert "37010019800101123X" not in kept
    assert "zhang3" not in kept
