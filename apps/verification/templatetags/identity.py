"""How pages speak of the ways of an identity check."""

from django import template

from apps.verification import registry

register = template.Library()


@register.simple_tag
def identity_ways():
    """两种方式任选：刷脸比对，或手机验证码加登录密码."""
    return registry.in_words()


@register.filter
def way_label(method):
    return registry.labels().get(method, method)
