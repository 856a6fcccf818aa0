"""What the sign-in page says about why somebody is asked to sign in."""

from django import template
from django.conf import settings

from apps.common.rules import rule_text
from apps.people.middleware import ENDED, KEPT, is_waiting

register = template.Library()


@register.inclusion_tag("people/why_sign_in.html", takes_context=True)
def why_sign_in(context):
    """The page can be loaded again much later, when nothing is kept any more."""
    request = context["request"]
    sent = request.POST if "why" in request.POST else request.GET
    why = sent.get("why", "")
    return {
        "why": why if why in (ENDED, KEPT) else "",
        "is_kept": why == KEPT and is_waiting(request, sent.get("next", "")),
        "lifetime": rule_text("UNSENT_FORM_LIFETIME", gap=" "),
    }


@register.simple_tag
def local_sign_in():
    """Whether everybody may sign in with a password of the portal."""
    return settings.LOCAL_SIGN_IN
