"""How pages speak of the ways of an identity check."""

from django import template

from apps.verification import registry
from apps.verification.enums import Purpose
from apps.verification.models import Check

register = template.Library()


@register.simple_tag
def identity_ways(purpose):
    """两种方式任选：刷脸比对，或手机验证码加登录密码. `purpose` is the name of a `Purpose`."""
    return registry.in_words(Check(purpose=Purpose[purpose]))


@register.filter
def way_label(method):
    return registry.labels().get(method, method)
