from django import template

from apps.encryption import public_keys

register = template.Library()


@register.filter
def public_key(row):
    """The key of `row` for a form or an address."""
    return public_keys.of(row)
