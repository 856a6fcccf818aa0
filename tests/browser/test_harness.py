"""The browser fixtures fail a test for what they have to find."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_violation_of_the_content_security_policy_is_noticed(phone, console_errors):
    phone.goto("/")
    with phone.expect_console_message():
        phone.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), "
            "{textContent: 'document.title = 1'}))"
        )
    assert "Content Security Policy" in console_errors[0]
    console_errors.clear()


def test_an_error_of_a_script_is_noticed(phone, console_errors):
    phone.goto("/")
    with phone.context.expect_event("weberror"):
        phone.evaluate("setTimeout(() => { throw new Error('lost') })")
    assert console_errors == ["lost"]
    console_errors.clear()


@pytest.mark.smoke
def test_a_page_that_is_not_accessible_is_noticed(desktop, assert_accessible):
    desktop.goto("/")
    desktop.evaluate("document.body.append(document.createElement('img'))")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(desktop)
