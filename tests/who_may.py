"""Who may GET and POST which URL: one table, with that of the admin (tests/desk/may.py).

A person "may" when the answer is a page, a file, a redirect on the way or a sentence why not now.
Else a visitor is asked to sign in, and everybody else finds nothing.
"""

from fnmatch import fnmatchcase

from django.urls import URLResolver, get_resolver

from tests.desk.may import MAY as DESK
from tests.desk.may import READERS
from tests.whole_world import EVERYBODY

VISITOR = "游客"
OWNER = "本人"
STRANGER = "另一个人"
GUARDIAN = "另一个监护人"
PEOPLE = (VISITOR, OWNER, STRANGER, GUARDIAN, *EVERYBODY)

ALL = {*PEOPLE}
SIGNED_IN = ALL - {VISITOR}
OWN = {OWNER}
WITH_DATA = {OWNER, STRANGER, GUARDIAN}  # an account of the desk alone has no person
NOBODY: set[str] = set()
# A method that the address does not take (405), and what is not there in the world of the tests.
NOT_THIS_WAY = "405"
NOTHING = "404"

# (names of URLs, who may GET, who may POST). The first line that fits a name counts. What has no
# name is called by its route.
PORTAL: list[tuple[str, set[str] | str, set[str] | str]] = [
    # Open, by decision: reading matter, how pages look, and what machines call
    ("/healthz", ALL, NOT_THIS_WAY),
    ("/livez", ALL, NOT_THIS_WAY),
    ("/readyz", ALL, NOT_THIS_WAY),
    # The test client calls from this machine; a proxy's call without the token finds nothing.
    ("operations:metrics", ALL, NOT_THIS_WAY),
    ("/sw.js", ALL, NOT_THIS_WAY),
    ("offline", ALL, NOT_THIS_WAY),
    ("regions:*", ALL, NOT_THIS_WAY),
    ("seals:proof", NOTHING, NOT_THIS_WAY),  # for whom the receipt is shown: ALL
    ("people:consent_text", ALL, NOT_THIS_WAY),
    ("home:home", ALL, NOT_THIS_WAY),
    ("home:matters", ALL, NOT_THIS_WAY),
    ("application:guide", ALL, SIGNED_IN),
    ("application:guide_for_child", ALL, NOT_THIS_WAY),
    ("*:guide", ALL, NOT_THIS_WAY),
    ("account:mine", ALL, NOT_THIS_WAY),
    ("account:look", ALL, ALL),
    ("payments:notify", NOT_THIS_WAY, ALL),
    ("cashier:gateway", ALL, ALL),  # asks for a signature, which nobody here has
    ("cashier:bill", NOTHING, NOT_THIS_WAY),  # for whoever has the signed address: ALL
    ("cashier:trade", NOTHING, NOTHING),  # whoever knows the token of a trade may pay it
    # Signing in and out
    ("account_login", ALL, ALL),
    ("account_logout", ALL, ALL),
    ("account_reset_done", ALL, NOT_THIS_WAY),
    ("account_reset_*", ALL, ALL),
    ("account_unlock", ALL, ALL),
    ("account_welcome", ALL, ALL),
    ("single_sign_on:oidc_ended", NOT_THIS_WAY, NOTHING),  # asks for a signature
    ("single_sign_on:*", NOTHING, NOT_THIS_WAY),  # where it is configured: ALL
    ("demo:oidc_token", NOT_THIS_WAY, NOTHING),
    ("demo:*", NOTHING, NOT_THIS_WAY),  # in a demonstration only
    ("seals:proof", NOTHING, NOT_THIS_WAY),  # open to whoever has a receipt
    # One's own account
    ("account:agreed", NOTHING, NOT_THIS_WAY),
    ("my_data:index", SIGNED_IN, NOT_THIS_WAY),
    ("my_data:copy", NOT_THIS_WAY, SIGNED_IN),
    ("my_data:correct", WITH_DATA, WITH_DATA),
    ("my_data:erase", WITH_DATA, WITH_DATA),
    ("notices:way", SIGNED_IN, SIGNED_IN),
    ("account:sessions", SIGNED_IN, NOT_THIS_WAY),
    ("account:still_here", SIGNED_IN, NOT_THIS_WAY),
    ("account:sign_ins", SIGNED_IN, NOT_THIS_WAY),
    ("account:end_sessions", NOT_THIS_WAY, SIGNED_IN),
    ("account:agreements", SIGNED_IN, NOT_THIS_WAY),
    ("account:withdraw", NOT_THIS_WAY, NOTHING),
    ("mfa_deactivate_totp", NOTHING, NOTHING),
    ("mfa_view_recovery_codes", NOTHING, NOT_THIS_WAY),
    ("mfa_remove_passkey", NOT_THIS_WAY, NOTHING),
    ("mfa_index", SIGNED_IN, NOT_THIS_WAY),
    ("mfa_list_webauthn", SIGNED_IN, NOT_THIS_WAY),
    ("mfa_*", SIGNED_IN, SIGNED_IN),
    ("account_*", SIGNED_IN, SIGNED_IN),
    # One's own matters, without a reference: everybody sees their own
    ("notices:outbox", NOTHING, NOT_THIS_WAY),  # in the demonstration only
    ("home:read_messages", NOT_THIS_WAY, SIGNED_IN),
    ("home:records", SIGNED_IN, NOT_THIS_WAY),
    ("home:messages", SIGNED_IN, NOT_THIS_WAY),
    ("progress:list", SIGNED_IN, NOT_THIS_WAY),
    ("children:register", SIGNED_IN, SIGNED_IN),
    ("children:list", SIGNED_IN, NOT_THIS_WAY),
    ("children:declined", SIGNED_IN, NOT_THIS_WAY),
    ("application:precheck", SIGNED_IN, SIGNED_IN),
    ("application:banks", SIGNED_IN, NOT_THIS_WAY),
    ("activation:records", SIGNED_IN, NOT_THIS_WAY),
    ("loss_report:records", SIGNED_IN, NOT_THIS_WAY),
    # 单位领卡: the world has no card at the unit; tests/handout/test_pages.py
    ("handout:index", SIGNED_IN, NOT_THIS_WAY),
    ("handout:code", NOTHING, NOT_THIS_WAY),
    ("handout:department*", NOTHING, NOT_THIS_WAY),
    ("handout:*", NOT_THIS_WAY, NOTHING),
    # Behind a reference: the person, or the guardian of the child
    ("loss_report:usable", OWN | READERS, NOT_THIS_WAY),  # the desk answers hospitals by it
    ("verification:start", OWN, OWN),
    ("payments:pay", OWN, OWN),
    ("application:portrait_image", NOTHING, NOT_THIS_WAY),
    ("application:autosave", NOT_THIS_WAY, OWN),
    ("application:portrait_crop", NOT_THIS_WAY, OWN),
    ("application:portrait_offered", NOT_THIS_WAY, OWN),
    ("application:portrait_decline", NOT_THIS_WAY, OWN),
    ("application:resume", NOT_THIS_WAY, OWN),
    ("application:detail", OWN, NOT_THIS_WAY),
    ("application:submitted", OWN, NOT_THIS_WAY),
    ("application:child_agreement", OWN, OWN),
    ("application:child_precheck", OWN, OWN),
    ("application:form", OWN, OWN),
    ("application:portrait", OWN, OWN),
    ("application:confirm", OWN, OWN),
    ("application:shipping", OWN, OWN),
    ("application:discard", OWN, OWN),
    ("application:withdraw", OWN, OWN),
    ("application:amend", OWN, OWN),
    ("application:reopen", OWN, OWN),
    ("application:ask", OWN, OWN),
    ("activation:start", OWN, OWN),
    ("replacement:start", OWN, OWN),
    ("replacement:declare", OWN, OWN),
    ("replacement:take_back", NOT_THIS_WAY, OWN),
    ("loss_report:report", OWN, OWN),
    ("loss_report:lift", OWN, OWN),
    ("progress:collect", NOT_THIS_WAY, OWN),
    ("delivery:postage", OWN, NOT_THIS_WAY),
    ("payments:detail", OWN, NOT_THIS_WAY),
    ("payments:return", OWN, NOT_THIS_WAY),
    ("home:card", OWN, NOT_THIS_WAY),
    ("children:proof", OWN, NOT_THIS_WAY),
    ("activation:done", OWN, NOT_THIS_WAY),
    ("replacement:banks", OWN, NOT_THIS_WAY),
    ("replacement:loss", OWN, NOT_THIS_WAY),
    ("loss_report:detail", OWN, NOT_THIS_WAY),
    ("progress:receipt", OWN, NOT_THIS_WAY),
    ("progress:detail", OWN, NOT_THIS_WAY),
    ("progress:receipt", OWN, NOT_THIS_WAY),
    # Addresses without a page of their own: Django's redirects below the admin, and its catch-all
    ("/admin/login/", {VISITOR}, {VISITOR}),
    ("/admin/*", {*EVERYBODY}, {*EVERYBODY}),
]


def lines():
    return [*PORTAL, *DESK]


def line_of(name):
    """The line of the table for the URL `name`, or None."""
    return next((line for line in lines() if fnmatchcase(name, line[0])), None)


def every_url(patterns=None, namespace="", route="/"):
    """(name or route, names of its arguments) of every pattern of the URL configuration."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_url(pattern.url_patterns, inner, here)
        else:
            arguments = sorted({*pattern.pattern.converters, *pattern.pattern.regex.groupindex})
            yield (f"{namespace}{pattern.name}" if pattern.name else here), arguments
